//! All boxed workloads behind one type.

/// Writes [`Any`] and its implementations: every call is handed to the workload inside.
macro_rules! any {
    ($($module:ident :: $Name:ident),+) => {
        /// Any boxed workload. Its units are futures in boxes: one allocation each, against one set of tasks per strategy and
        /// workload that the compiler does not have to write.
        #[derive(Clone)]
        pub enum Any {
            $(
                #[doc = concat!("The workload of [`", stringify!($module), "`](mod@crate::catalog::", stringify!($module), ").")]
                $Name($module::$Name),
            )+
        }

        impl Any {
            /// The boxed workload of that name with these sizes; `None` if there is none.
            pub fn new(name: &str, params: &Params) -> anyhow::Result<Option<Any>> {
                $(
                    if name == <$module::$Name as Workload>::FACTS.name {
                        return Ok(Some(Any::$Name(Workload::new(params)?)));
                    }
                )+
                Ok(None)
            }

            pub(crate) fn outline(&self) -> &dyn Outline {
                match self { $(Any::$Name(work) => work,)+ }
            }
        }

        impl Work for Any {
            async fn step<I: Io>(&self, io: &I, unit: Unit) -> anyhow::Result<Done> {
                use std::{boxed::Box, future::Future, pin::Pin};
                type Step<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Done>> + Send + 'a>>;
                let step: Step = match self { $(Any::$Name(work) => Box::pin(work.step(io, unit)),)+ };
                step.await
            }

            fn begin(&self) -> Self {
                match self { $(Any::$Name(work) => Any::$Name(work.begin()),)+ }
            }

            fn due(&self, unit: Unit) -> Option<std::time::Instant> {
                match self { $(Any::$Name(work) => work.due(unit),)+ }
            }

            fn latencies(&self) -> Option<Latencies> {
                match self { $(Any::$Name(work) => work.latencies(),)+ }
            }

            fn verdict(&self, ended: &Ended) -> String {
                match self { $(Any::$Name(work) => work.verdict(ended),)+ }
            }
        }
    };
}
pub(crate) use any;

use std::time::Duration;

use bytes::Bytes;

use crate::{Answer, Any, Facts, Means, Outline, Params, Tally};

impl Outline for Any {
    fn facts(&self) -> &'static Facts {
        self.outline().facts()
    }

    fn params(&self) -> &Params {
        self.outline().params()
    }

    fn expected(&self) -> Tally {
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

    fn requests(&self) -> u64 {
        self.outline().requests()
    }

    fn answered(&self) -> u64 {
        self.outline().answered()
    }

    fn inner(&self) -> u64 {
        self.outline().inner()
    }

    fn floor(&self, means: Means) -> Option<Duration> {
        self.outline().floor(means)
    }

    fn answer(&self, path: &str, attempt: u32) -> Option<Answer> {
        self.outline().answer(path, attempt)
    }

    fn files(&self) -> Vec<(String, Bytes)> {
        self.outline().files()
    }
}
