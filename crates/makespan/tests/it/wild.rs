//! Programs that write without end, say nothing, leave others behind or claim what cannot be: each fails alone, with the reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use libtest_mimic::Trial;

use crate::command::{ended, makespan, words};
use crate::external::{probed, reasons, shell};
use crate::scenario::with_program;
use crate::test;

pub(crate) fn tests() -> Vec<Trial> {
    vec![
        test("wild::output_without_end_is_bounded", without_end),
        test("wild::a_byte_that_is_no_text_harms_nobody", no_text),
        test("wild::who_was_ended_by_makespan_is_told_why", ended_here),
        test(
            "wild::helpers_end_with_a_program_that_ended_by_itself",
            helpers,
        ),
        test("wild::a_number_that_cannot_be_is_refused", impossible),
        test(
            "wild::programs_are_found_from_any_folder",
            found_from_any_folder,
        ),
    ]
}

const HELLO: &str = r#"echo '{"type":"hello","protocol":1,"cells":["get/*"]}'"#;

/// A program that opens the cell and does this when it is told to go.
fn goes(script: &str) -> String {
    format!(r#"{HELLO}; read line; echo '{{"type":"opened"}}'; read line; {script}"#)
}

fn without_end() {
    let programs = vec![
        shell(
            "endless",
            &goes("head -c 300000000 /dev/zero | tr '\\0' x; cat"),
        ),
        shell(
            "chatty",
            &goes("yes chatter | head -c 300000000 >&2; echo no luck >&2; exit 3"),
        ),
        // Before it is asked, and in whole lines.
        shell("hasty", &format!("{HELLO}; exec yes chatter")),
    ];
    let cells = probed(&["get"], programs);
    fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = peak_memory();
    let reasons = reasons(&cells);
    let grown = peak_memory() - before;
    assert_eq!(
        reasons[..2],
        [
            "failed: killed: it wrote a line longer than 16 MiB",
            "failed: the process ended: exit status: 3: no luck",
        ]
    );
    assert!(
        reasons[2].starts_with("failed: it said `chatter`"),
        "{reasons:?}"
    );
    assert!(grown < 100 << 10, "{grown} KiB more than before");
}

/// The most memory that this process has had, in KiB.
fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.unwrap().split_whitespace().nth(1);
    kib.unwrap().parse().unwrap()
}

fn no_text() {
    // More than a pipe holds behind it: a reader that gave up would leave the program waiting, or end it.
    let noise = "printf 'no \\377 luck\\n' >&2; head -c 200000 /dev/zero >&2; echo >&2; printf 'no \\377 luck\\n' >&2";
    let programs = vec![
        shell(
            "fails",
            &goes(&format!(
                r#"{noise}; echo '{{"type":"failed","reason":"the dog ate it"}}'; cat"#
            )),
        ),
        shell("ends", &goes(&format!("{noise}; exit 3"))),
        shell("speaks", &goes("printf '\\377\\n'; cat")),
    ];
    let reasons = reasons(&probed(&["get"], programs));
    assert_eq!(
        reasons[..2],
        [
            "failed: the dog ate it",
            "failed: the process ended: exit status: 3: no \u{fffd} luck",
        ]
    );
    assert!(
        reasons[2].starts_with("failed: it said `\u{fffd}`: "),
        "{reasons:?}"
    );
}

fn ended_here() {
    let programs = vec![
        shell("closed", &goes("exec >&-; echo done >&2; exec sleep 600")),
        shell("silent", &goes("echo looking for it >&2; exec sleep 600")),
        shell("itself", &goes("kill -9 $$")),
    ];
    let mut cells = probed(&["get"], programs);
    cells[1].timeout = Duration::from_millis(300);
    assert_eq!(
        reasons(&cells),
        [
            "failed: killed: it closed its standard output and did not end: done",
            "failed: killed after 300ms without an answer: looking for it",
            "failed: the process ended: killed by signal 9 (SIGKILL)",
        ]
    );
}

fn helpers() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let helper =
        |name: &str, to: &str| format!("sleep 600 {to} & echo $! > {}", file(name).display());
    let programs = vec![
        // Of these the helper holds the pipes open, or does not.
        shell("holds", &goes(&format!("{}; exit 3", helper("holds", "")))),
        shell(
            "lets-go",
            &goes(&format!(
                "{}; exit 3",
                helper("lets-go", "<&- >/dev/null 2>&1")
            )),
        ),
        // This one ends well, between two messages.
        shell(
            "early",
            &format!("{HELLO}; {}", helper("early", "<&- >/dev/null 2>&1")),
        ),
    ];
    let start = Instant::now();
    let reasons = reasons(&probed(&["get"], programs));
    assert_eq!(
        reasons,
        [
            "failed: the process ended: exit status: 3",
            "failed: the process ended: exit status: 3",
            "failed: the process ended: exit status: 0",
        ]
    );
    assert!(
        start.elapsed() < Duration::from_secs(60),
        "nobody waits for what cannot come any more"
    );
    for name in ["holds", "lets-go", "early"] {
        let helper = fs::read_to_string(file(name)).unwrap();
        assert!(gone(helper.trim()), "{name}: {helper} lives on");
    }
}

/// Whether a process has ended; its new parent may take a moment to bury it.
fn gone(process: &str) -> bool {
    let status = PathBuf::from(format!("/proc/{process}/stat"));
    let lives = || fs::read_to_string(&status).is_ok_and(|stat| !stat.contains(") Z "));
    let deadline = Instant::now() + Duration::from_secs(10);
    while lives() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    !lives()
}

fn impossible() {
    // The right work at the right time, and one number that nobody can believe.
    let worker = Path::new(env!("CARGO_MANIFEST_DIR")).join("programs");
    if Command::new("python3").arg("--version").output().is_err() {
        return eprintln!("python3 is not installed, so nothing was checked");
    }
    let script = r#"
import http.client, sys, time
sys.path.insert(0, sys.argv[1])
import worker
class Way:
    def __init__(self, work):
        self.work = work
        self.connection = http.client.HTTPConnection(work.server.split("//")[1])
        self.connection.connect()
    def run(self, units):
        return [self.download(unit) for unit in units]
    def download(self, unit):
        self.connection.request("GET", "/get/%d" % unit)
        return self.work.tally(unit, self.connection.getresponse().read())
    def close(self):
        self.connection.close()
import json
dumps = json.dumps
def lie(message, *rest, **named):
    if isinstance(message, dict) and message.get("type") == "sample":
        message = dict(message, cpu_ns=2**64 - 1)
    return dumps(message, *rest, **named)
json.dumps = lie
worker.serve(Way)
"#;
    let mut liar = shell("liar", "");
    liar.command = vec!["python3".to_owned(), "-B".to_owned(), "-c".to_owned()];
    liar.command.push(script.to_owned());
    liar.command.push(worker.display().to_string());
    let reasons = reasons(&probed(&["get"], vec![liar]));
    let said = format!("refused: it says cpu_ns = {}: at most ", u64::MAX);
    assert!(reasons[0].starts_with(&said), "{reasons:?}");
}

/// A program that cannot run here and says so.
fn write_program(folder: &Path, says: &str) {
    fs::create_dir(folder.join("ways")).unwrap();
    let hello = format!(r#"echo '{{"type":"hello","protocol":1,"unsupported":"{says}"}}'"#);
    fs::write(folder.join("ways/mine.sh"), hello).unwrap();
}

fn found_from_any_folder() {
    let (beside, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let scenario = beside.path().join("mine.toml");
    fs::write(&scenario, with_program(&["sh", "ways/mine.sh"])).unwrap();
    let run = |scenario: &str, flags: &[&str]| {
        let mut command = makespan(&["run", "--allow-debug", "--no-calibration"]);
        command.args(["--out", "runs"]);
        command
            .arg(scenario)
            .args(flags)
            .current_dir(elsewhere.path());
        let (_, out, err) = ended(command.output().unwrap());
        (words(&out), err)
    };
    let scenario = scenario.to_str().unwrap();
    // Where there is none beside the file, the one in the current folder counts.
    write_program(elsewhere.path(), "from the current folder");
    let (out, err) = run(scenario, &[]);
    assert!(out.contains("from the current folder"), "{out}{err}");
    write_program(beside.path(), "from beside the file");
    let (out, err) = run(scenario, &[]);
    assert!(out.contains("from beside the file"), "{out}{err}");

    // Those that come with makespan are inside it. A script that python could not open would be a row that failed.
    let flags = ["--strategy", "python-requests-loop,tokio"];
    let few = ["--rounds", "1", "--launches", "1"];
    if Command::new("python3").arg("--version").output().is_err() {
        return eprintln!("python3 is not installed, so no program of makespan was started");
    }
    let (out, err) = run("python", &[&flags[..], &few].concat());
    assert!(out.contains("get: 20 x 20ms"), "{out}{err}");
    assert!(!err.contains("python-requests-loop failed"), "{out}{err}");
    // A scenario file can name them too.
    let mine = with_program(&["python3", "programs/requests_loop.py"]);
    let one_by_one = mine.replace("client = ", "capacity = \"one\"\nclient = ");
    fs::write(scenario, one_by_one).unwrap();
    let (out, err) = run(scenario, &[]);
    assert!(out.contains("get: 4 x 1ms"), "{out}{err}");
    assert!(!err.contains("mine failed"), "{out}{err}");
}
