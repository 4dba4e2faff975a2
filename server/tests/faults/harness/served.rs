//! `makegood serve` as a process of the test's own.

use std::{
    fs::File,
    io::{BufRead, BufReader},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant},
};

use super::{Browser, World, until};

pub struct Served {
    child: Child,
    /// Scheme, host and port.
    pub address: String,
}

impl Served {
    /// Starts the server and reads the address that it prints.
    pub async fn start(world: &World) -> Self {
        Self::start_as(world, "serve")
    }

    /// The same with a log of its own, `NAME.log`, which goes on where the last of that name ended.
    pub fn start_as(world: &World, name: &str) -> Self {
        let path = world.path(&format!("{name}.log"));
        let log = File::options().create(true).append(true).open(&path).unwrap();
        let mut command = world.makegood(&["serve"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let log = || std::fs::read_to_string(&path).unwrap_or_default();
        let address = line.trim().strip_prefix("Serving ");
        let address = address.unwrap_or_else(|| panic!("printed {line:?}\n{}", log())).to_owned();
        Self { child, address }
    }

    pub fn browser(&self) -> Browser {
        Browser::at(&self.address)
    }

    /// Asks it to stop, as a service manager does.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.unwrap().success());
    }

    /// Ends it without a word (SIGKILL).
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// How it ended, and how long that took from now.
    pub async fn ended(&mut self) -> (ExitStatus, Duration) {
        let started = Instant::now();
        let child = &mut self.child;
        let status =
            until("the server's end", Duration::from_secs(20), async || child.try_wait().unwrap()).await;
        (status, started.elapsed())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may be over already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
