//! All boxed workloads behind one type.

/// Writes [`Boxed`](crate::Boxed) and its implementations, where the list of workloads is. Every call is handed to the workload
/// inside.
macro_rules! boxed {
    ($($module:ident :: $Name:ident),+) => {
        /// Any boxed workload. The future of each of its units is in a box of its own. That is one allocation per unit; without it
        /// the compiler would write a set of tasks for each pair of a strategy and a workload.
        #[derive(Clone)]
        pub enum Boxed {
            $(
                #[doc = concat!("The workload of [`", stringify!($module), "`](mod@self::", stringify!($module), ").")]
                $Name($module::$Name),
            )+
        }

        impl Boxed {
            /// The boxed workload of that name with these sizes; `None` if there is none.
            pub fn new(name: &str, params: &$crate::Params) -> anyhow::Result<Option<Self>> {
                $(
                    if name == <$module::$Name as $crate::Workload>::FACTS.name {
                        return Ok(Some(Boxed::$Name($crate::Workload::new(params)?)));
                    }
                )+
                Ok(None)
            }

            fn outline(&self) -> &dyn $crate::Outline {
                match self { $(Boxed::$Name(work) => work,)+ }
            }
        }

        impl $crate::Outline for Boxed {
            fn facts(&self) -> &'static $crate::Facts {
                self.outline().facts()
            }

            fn params(&self) -> &$crate::Params {
                self.outline().params()
            }

            fn expected(&self) -> $crate::Tally {
                self.outline().expected()
            }

            fn units(&self) -> u64 {
                self.outline().units()
            }

            fn total_units(&self) -> u64 {
                self.outline().total_units()
            }

            fn steps(&self) -> u64 {
                self.outline().steps()
            }

            fn widest(&self) -> u64 {
                self.outline().widest()
            }

            fn together(&self) -> u64 {
                self.outline().together()
            }

            fn requests(&self) -> u64 {
                self.outline().requests()
            }

            fn answered(&self) -> u64 {
                self.outline().answered()
            }

            fn inner(&self) -> u64 {
                self.outline().inner()
            }

            fn floor(&self, means: $crate::Means) -> Option<std::time::Duration> {
                self.outline().floor(means)
            }

            fn answer(&self, path: &str, attempt: u32) -> Option<$crate::Answer> {
                self.outline().answer(path, attempt)
            }

            fn files(&self) -> Vec<(String, bytes::Bytes)> {
                self.outline().files()
            }
        }

        impl $crate::Work for Boxed {
            async fn step<I: $crate::Io>(&self, io: &I, unit: $crate::Unit) -> anyhow::Result<$crate::Done> {
                use std::{boxed::Box, future::Future, pin::Pin};
                type Step<'a> = Pin<Box<dyn Future<Output = anyhow::Result<$crate::Done>> + Send + 'a>>;
                let step: Step = match self { $(Boxed::$Name(work) => Box::pin(work.step(io, unit)),)+ };
                step.await
            }

            fn begin(&self) -> Self {
                match self { $(Boxed::$Name(work) => Boxed::$Name(work.begin()),)+ }
            }

            fn due(&self, unit: $crate::Unit) -> Option<std::time::Instant> {
                match self { $(Boxed::$Name(work) => work.due(unit),)+ }
            }

            fn latencies(&self) -> Option<$crate::Histogram> {
                match self { $(Boxed::$Name(work) => work.latencies(),)+ }
            }

            fn verdict(&self, ended: &$crate::Ended) -> String {
                match self { $(Boxed::$Name(work) => work.verdict(ended),)+ }
            }
        }
    };
}
pub(crate) use boxed;
