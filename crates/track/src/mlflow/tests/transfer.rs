use super::*;

fn push_of(url: &str) -> TransferTask {
    TransferTask::Push { server: url.into(), options: all() }
}

fn pull_of(url: &str) -> TransferTask {
    TransferTask::Pull { server: url.into(), experiment: "Äpfel".into() }
}

/// One that is driven, wherever its workspace is.
struct Driver {
    task: TransferTask,
    turn: u32,
    result: Option<TransferResult>,
    came: Came,
    bytes: Vec<u8>,
}

impl Driver {
    fn new(task: TransferTask) -> Self {
        Self { task, turn: 0, result: None, came: Came::Nothing, bytes: Vec::new() }
    }

    fn ask(
        &self,
        transfers: &mut Transfers,
        workspace: &mut Workspace,
    ) -> Result<(TransferReply, Vec<u8>)> {
        let request = TransferRequest {
            id: "a".into(),
            turn: self.turn,
            task: self.task.clone(),
            result: self.result.clone(),
            came: self.came.clone(),
        };
        transfers.handle(workspace, &stamp(50), request, self.bytes.clone())
    }

    /// Does what is next; whether there was anything.
    fn go_on(&mut self, server: &mut Server, next: Next, bytes: Vec<u8>) -> bool {
        self.turn += 1;
        (self.came, self.bytes) = match next {
            Next::Send(request) => {
                let mut response = server.handle(&HttpRequest { body: bytes, ..request });
                let body = std::mem::take(&mut response.body);
                (Came::Answer(response), body)
            }
            Next::Export { sha256 } => {
                assert!(!bytes.is_empty());
                let exported = Some(Exported { onnx: Vec::new(), ..exported() });
                (Came::Exported { sha256, exported }, exported_onnx())
            }
            Next::Wait { .. } => panic!("nothing is busy"),
            Next::Done => return false,
        };
        true
    }
}

fn exported_onnx() -> Vec<u8> {
    exported().onnx
}

/// Drives a transfer to its end, with a new owner of the workspace at every turn that `dies` names.
fn drive(
    task: TransferTask,
    workspace: &mut Workspace,
    server: &mut Server,
    dies: impl Fn(u32) -> bool,
) -> TransferResult {
    let (mut driver, mut transfers) = (Driver::new(task), Transfers::default());
    loop {
        if dies(driver.turn) {
            transfers = Transfers::default();
        }
        let (reply, bytes) = driver.ask(&mut transfers, workspace).unwrap();
        // It comes twice where a new owner asks for what has no answer.
        if reply.next != Next::Done {
            let again = driver.ask(&mut transfers, workspace).unwrap();
            assert_eq!((&again.0, &again.1), (&reply, &bytes));
        }
        driver.result = reply.result.clone();
        if !driver.go_on(server, reply.next, bytes) {
            return reply.result.unwrap();
        }
    }
}

#[test]
fn a_transfer_does_what_a_push_or_a_pull_does() {
    let (mut workspace, mut server, mut other) = (filled(), Server::default(), Server::default());
    let pushed = drive(push_of(URL), &mut workspace, &mut server, |_| false);
    assert_eq!(pushed, TransferResult::Pushed(push(&mut filled(), &mut other)));
    assert_eq!(server, other);
    let mut back = Workspace::in_memory().unwrap();
    let TransferResult::Pulled(pulled) = drive(pull_of(URL), &mut back, &mut server, |_| false)
    else {
        panic!()
    };
    assert_eq!((pulled.runs, pulled.points, pulled.versions), (2, 1_100, 1));
}

#[test]
fn a_new_owner_of_the_workspace_goes_on_with_it() {
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for at in 0..20 {
        let (mut workspace, mut server) = (filled(), Server::default());
        let dies = |turn| turn == at || turn == 3 * at + 5;
        let result = drive(push_of(URL), &mut workspace, &mut server, dies);
        let TransferResult::Pushed(pushed) = result else { panic!() };
        assert_eq!(server, whole, "died at {at}");
        let mut back = Workspace::in_memory().unwrap();
        let result = drive(pull_of(URL), &mut back, &mut server, |turn| turn == at);
        let TransferResult::Pulled(pulled) = result else { panic!() };
        // What was done when the owner died, and was not told, is not counted.
        assert!((1..=3).contains(&pushed.runs) && (1..=2).contains(&pulled.runs));
    }
}

#[test]
fn what_nobody_drives_any_more_is_forgotten() {
    let (mut workspace, mut transfers) = (filled(), Transfers::default());
    let mut ask = |id: usize, came: Came| {
        let task = push_of(URL);
        let request = TransferRequest { id: id.to_string(), turn: 0, task, result: None, came };
        transfers.handle(&mut workspace, &stamp(1), request, Vec::new()).unwrap();
        transfers.len()
    };
    assert_eq!((0..20).map(|id| ask(id, Came::Nothing)).max(), Some(8));
    assert_eq!(ask(19, Came::End), 7);
}
