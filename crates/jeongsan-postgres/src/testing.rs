//! Throw-away servers, for tests and benchmarks.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

/// Whose the server is when the tests are run by root, which PostgreSQL refuses.
const SERVER_USER: &str = "postgres";

/// How long the server may take to answer, in steps of a twentieth of a second.
const STEPS_MAX: u32 = 1_200;

/// A PostgreSQL server of its own in a temporary folder, reached by a socket in it. It is stopped and its folder removed when the value is dropped or
/// the process ends, however it does.
#[derive(Debug)]
pub struct Cluster {
    binaries: PathBuf,
    folder: PathBuf,
    server: Mutex<Option<Child>>,
    /// The guard waits for this to close.
    _alive: ChildStdin,
    guard: Child,
}

/// Stops the server and removes the folder as soon as nobody holds its input open.
const GUARD: &str = r#"
read -r _
pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
while [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; do sleep 0.05; done
rm -rf "$0"
"#;

impl Cluster {
    /// Makes and starts a server; `None` where PostgreSQL isn't installed, which is said on standard error.
    ///
    /// # Errors
    /// When PostgreSQL is installed but no server can be made or started.
    pub fn start() -> io::Result<Option<Self>> {
        let Some(binaries) = binaries() else {
            // Past the test harness, which shows what passing tests print to nobody.
            io::stderr().write_all(b"skipped: no initdb found; install PostgreSQL\n")?;
            return Ok(None);
        };
        // A socket's path has hardly a hundred characters.
        let folder = TempDir::with_prefix_in("jeongsan-", "/tmp")?.keep();
        let mut guard = Command::new("sh")
            .args(["-c", GUARD])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let alive = guard.stdin.take().ok_or_else(|| io::Error::other("the guard has no input"))?;
        let cluster = Self { binaries, folder, server: Mutex::new(None), _alive: alive, guard };
        if is_root()? {
            succeed(Command::new("chown").arg(SERVER_USER).arg(&cluster.folder))?;
        }
        cluster.initialize()?;
        cluster.run()?;
        Ok(Some(cluster))
    }

    /// An order of letters that isn't by bytes, where the server has one, so that tests see what depends on it.
    fn initialize(&self) -> io::Result<()> {
        let initialize = |locale: &[&str]| {
            let mut command = self.command("initdb")?;
            command.args(["-A", "trust", "-U", "jeongsan", "-E", "UTF8", "-N"]).args(locale);
            succeed(command.arg("-D").arg(self.folder.join("data")))
        };
        initialize(&["--locale=C", "--locale-provider=icu", "--icu-locale=en"])
            .or_else(|_| initialize(&["--locale=C"]))
    }

    /// Starts the server, again after [`Cluster::kill`].
    ///
    /// # Errors
    /// When it doesn't start.
    pub fn run(&self) -> io::Result<()> {
        let mut last = self.server.lock().map_err(|_| io::Error::other("poisoned"))?;
        for _ in 0..STEPS_MAX {
            // One that was killed may hold its memory for a moment yet, and a new one refuses to start.
            if last.as_mut().is_none_or(|server| server.try_wait().is_ok_and(|ended| ended.is_some())) {
                *last = Some(self.spawn()?);
            }
            thread::sleep(Duration::from_millis(50));
            let mut ready = self.command("pg_isready")?;
            ready.arg("-h").arg(&self.folder).args(["-d", "postgres", "-U", "jeongsan"]);
            if ready.stdout(Stdio::null()).status()?.success() {
                return Ok(());
            }
        }
        Err(io::Error::other(format!("the server doesn't start: {}", self.log())))
    }

    fn spawn(&self) -> io::Result<Child> {
        let log = std::fs::OpenOptions::new().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = self.command("postgres")?;
        command.arg("-D").arg(self.folder.join("data")).arg("-k").arg(&self.folder);
        command.args(["-h", "", "-c", "fsync=on", "-c", "max_connections=200"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()
    }

    /// Kills the server with all its processes by SIGKILL, as a power cut would, and waits until it is gone.
    ///
    /// # Errors
    /// When it can't be killed.
    pub fn kill(&self) -> io::Result<()> {
        let Some(mut server) = self.server.lock().map_err(|_| io::Error::other("poisoned"))?.take() else {
            return Ok(());
        };
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid"))?;
        let pid = file.lines().next().unwrap_or_default();
        let children =
            std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        let pids = std::iter::once(pid).chain(children.split_whitespace());
        // Some child may have ended meanwhile.
        Command::new("kill").arg("-KILL").args(pids).stderr(Stdio::null()).status()?;
        server.wait()?;
        Ok(())
    }

    /// The address of a database of the server.
    #[must_use]
    pub fn address(&self) -> String {
        self.address_of("jeongsan")
    }

    /// The address, for another role.
    #[must_use]
    pub fn address_of(&self, role: &str) -> String {
        format!("host={} user={role} dbname=postgres", self.folder.display())
    }

    /// What the server said.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }

    /// Runs SQL by `psql` and gives what it prints, without headings.
    ///
    /// # Errors
    /// When it fails: what it said.
    pub fn sql(&self, role: &str, sql: &str) -> io::Result<String> {
        let mut command = self.command("psql")?;
        command.args(["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d"]).arg(self.address_of(role));
        let output = command.args(["-c", sql]).output()?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        } else {
            Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
        }
    }

    /// A command of PostgreSQL, run as a user that it doesn't refuse.
    fn command(&self, name: &str) -> io::Result<Command> {
        let binary = self.binaries.join(name);
        let mut command = if is_root()? && name != "psql" && name != "pg_isready" {
            let mut command = Command::new("setpriv");
            command
                .args(["--reuid", SERVER_USER, "--regid", SERVER_USER, "--clear-groups", "--"])
                .arg(binary);
            command
        } else {
            Command::new(binary)
        };
        command.current_dir("/").env("LC_ALL", "C");
        Ok(command)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.kill());
        // Without its parent's input it would wait for the process to end.
        drop(self.guard.kill());
        drop(self.guard.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn is_root() -> io::Result<bool> {
    let output = Command::new("id").arg("-u").output()?;
    Ok(output.stdout.trim_ascii() == b"0")
}

fn succeed(command: &mut Command) -> io::Result<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// The folder of the server's commands: that of the `initdb` in `PATH`, or where Debian keeps them, the newest.
fn binaries() -> Option<PathBuf> {
    // A link in PATH has its fellows where it leads.
    let folder_of = |initdb: PathBuf| {
        let folder = initdb.canonicalize().ok()?.parent()?.to_owned();
        folder.join("postgres").is_file().then_some(folder)
    };
    let path = std::env::var_os("PATH")?;
    if let Some(folder) = std::env::split_paths(&path).find_map(|folder| folder_of(folder.join("initdb"))) {
        return Some(folder);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let number = |folder: &PathBuf| folder.file_name()?.to_str()?.parse::<u32>().ok();
    folder_of(versions.map(|entry| entry.path()).max_by_key(number)?.join("bin/initdb"))
}
