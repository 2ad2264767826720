//! Chromium, spoken to over two pipes.
//!
//! Its protocol is JSON, a zero byte behind each message. The crates for it bring the whole protocol as code, which takes a minute to
//! compile; the checks need a dozen commands.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

/// Names of the program, by where it comes from.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// A browser that does not answer for so long hangs.
const PATIENCE: Duration = Duration::from_secs(60);

/// The program, if this machine has it.
pub(crate) fn found() -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    let paths = NAMES
        .iter()
        .flat_map(|name| folders.iter().map(move |it| it.join(name)));
    paths.into_iter().find(|path| path.is_file())
}

/// A running browser. It ends with this value.
pub(crate) struct Browser {
    child: Child,
    to: ChildStdin,
    from: Receiver<Value>,
    calls: u64,
    /// What it said by itself, in order.
    events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    pub(crate) fn start(program: &Path) -> Browser {
        let profile = TempDir::new().expect("a folder can be made");
        // It reads from descriptor 3 and writes to 4. A shell can hand these over, and Rust alone cannot without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null"])
            .arg(program)
            .args(["--headless", "--remote-debugging-pipe"])
            // The pages are our own, and root may not have a sandbox.
            .args(["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
            .args(["--no-first-run", "--disable-background-networking"])
            .args(["--disable-component-update", "--disable-extensions"])
            .args(["--hide-scrollbars", "--force-color-profile=srgb"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("there is a shell");
        let to = child.stdin.take().expect("it is piped");
        let out = child.stdout.take().expect("it is piped");
        let (send, from) = channel();
        thread::spawn(move || {
            for message in BufReader::new(out).split(0).map_while(Result::ok) {
                let message = serde_json::from_slice(&message).expect("it is JSON");
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        Browser {
            child,
            to,
            from,
            calls: 0,
            events: Vec::new(),
            _profile: profile,
        }
    }

    fn next(&mut self, what: &str) -> Value {
        let next = self.from.recv_timeout(PATIENCE);
        next.unwrap_or_else(|error| panic!("Chromium gives no answer to {what}: {error}"))
    }

    fn call(&mut self, session: Option<&str>, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut message = json!({"id": self.calls, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let sent = self.to.write_all(format!("{message}\0").as_bytes());
        sent.unwrap_or_else(|error| panic!("Chromium has ended: {error}"));
        loop {
            let mut message = self.next(method);
            if message["id"] != self.calls {
                self.events.push(message);
            } else if message["error"].is_null() {
                return message["result"].take();
            } else {
                panic!("{method}: {}", message["error"]);
            }
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Killed, it would leave processes that still write into the profile while that is removed.
        let message = json!({"id": 0, "method": "Browser.close"});
        if self.to.write_all(format!("{message}\0").as_bytes()).is_ok() {
            // The pipe ends with the last process that holds it.
            while self.from.recv_timeout(Duration::from_secs(10)).is_ok() {}
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A page that is open. It closes with this value.
pub(crate) struct Tab<'a> {
    browser: &'a mut Browser,
    target: String,
    session: String,
}

impl Tab<'_> {
    /// Opens an address in a new tab, 1000 pixels wide, in light.
    pub(crate) fn open<'a>(browser: &'a mut Browser, address: &str) -> Tab<'a> {
        browser.events.clear();
        let text = |value: Value| value.as_str().expect("it is a text").to_owned();
        let made = json!({"url": "about:blank"});
        let mut made = browser.call(None, "Target.createTarget", made);
        let target = text(made["targetId"].take());
        let wanted = json!({"targetId": target, "flatten": true});
        let mut attached = browser.call(None, "Target.attachToTarget", wanted);
        let session = text(attached["sessionId"].take());
        let mut tab = Tab {
            browser,
            target,
            session,
        };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        tab.look("screen", "light");
        tab.size(1000, 800);
        tab.call("Page.navigate", json!({"url": address}));
        tab.wait("Page.loadEventFired");
        tab
    }

    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.browser.call(Some(&self.session), method, params)
    }

    /// What was said so far by that name.
    pub(crate) fn events(&self, method: &str) -> Vec<Value> {
        let own = self.browser.events.iter().filter(|it| {
            it["method"] == method
                && (it["sessionId"] == *self.session || it["sessionId"].is_null())
        });
        own.map(|it| it["params"].clone()).collect()
    }

    /// Waits until something of that name was said.
    pub(crate) fn wait(&mut self, method: &str) {
        while self.events(method).is_empty() {
            let event = self.browser.next(method);
            let asks = event["method"] == "Page.javascriptDialogOpening";
            self.browser.events.push(event);
            if asks {
                // It would keep the page from loading.
                self.call("Page.handleJavaScriptDialog", json!({"accept": true}));
            }
        }
    }

    /// The medium and the colour scheme.
    pub(crate) fn look(&mut self, media: &str, scheme: &str) {
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        let params = json!({"media": media, "features": features});
        self.call("Emulation.setEmulatedMedia", params);
    }

    pub(crate) fn size(&mut self, width: u32, height: u32) {
        let params =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.call("Emulation.setDeviceMetricsOverride", params);
    }

    /// The value of an expression.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let mut answer = self.call("Runtime.evaluate", params);
        let failed = &answer["exceptionDetails"];
        assert!(failed.is_null(), "{expression}: {failed}");
        answer["result"]["value"].take()
    }

    /// What a function of `checks.js` complains of.
    pub(crate) fn complaints(&mut self, call: &str) -> Vec<String> {
        let source = include_str!("checks.js");
        let found = self.value(&format!("(() => {{ {source}\n return {call}; }})()"));
        serde_json::from_value(found).expect("it is a list of texts")
    }

    /// The text of a file that the page offers, saved by a click.
    pub(crate) fn saved(&mut self, name: &str, folder: &Path) -> String {
        let params = json!({"behavior": "allow", "downloadPath": folder, "eventsEnabled": true});
        self.browser
            .call(None, "Browser.setDownloadBehavior", params);
        self.browser.events.clear();
        self.click(&format!("[data-name='{name}']"));
        while !self
            .events("Browser.downloadProgress")
            .iter()
            .any(|it| it["state"] == "completed")
        {
            let event = self.browser.next("a click on what is to be saved");
            self.browser.events.push(event);
        }
        std::fs::read_to_string(folder.join(name)).expect("it has that name")
    }

    pub(crate) fn press_enter(&mut self) {
        for kind in ["keyDown", "keyUp"] {
            let params = json!({"type": kind, "key": "Enter", "code": "Enter", "text": "\r", "windowsVirtualKeyCode": 13});
            self.call("Input.dispatchKeyEvent", params);
        }
    }

    /// Clicks into the middle of the first element that the selector finds.
    pub(crate) fn click(&mut self, selector: &str) {
        let place = self.value(&format!(
            "(() => {{ const e = document.querySelector({}); e.scrollIntoView({{block: 'center'}}); \
             const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; }})()",
            json!(selector)
        ));
        for kind in ["mousePressed", "mouseReleased"] {
            let params = json!({"type": kind, "x": place[0], "y": place[1], "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", params);
        }
    }
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        // Not where a check has failed because the browser is gone: a second panic would hide the first.
        if !thread::panicking() {
            let wanted = json!({"targetId": self.target});
            self.browser.call(None, "Target.closeTarget", wanted);
        }
    }
}
