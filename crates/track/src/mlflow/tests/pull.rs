use super::*;

/// Drives a pull to its end; requests of it.
fn pull(
    workspace: &mut Workspace,
    server: &mut Server,
    cut: Option<usize>,
) -> Result<(Pulled, usize)> {
    let mut pull = Pull::new(URL, "Äpfel", stamp(50));
    let mut number = 0;
    loop {
        match pull.next(workspace)? {
            Next::Send(request) => {
                if cut == Some(number) {
                    return Err(MlflowError::Busy { tries: 0 });
                }
                pull.answer(workspace, &server.handle(&request))?;
                number += 1;
            }
            Next::Done => return Ok((pull.pulled().clone(), number)),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_was_pushed_comes_back_as_it_was_once() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let mut back = Workspace::in_memory().unwrap();
    let (pulled, requests) = pull(&mut back, &mut server, None).unwrap();
    assert_eq!((pulled.runs, pulled.points, pulled.versions), (2, 1_100, 1));
    for run in workspace.runs(&Query::default()).unwrap().runs {
        let mut found = back.run(&run.id).unwrap();
        found.tags.retain(|key, _| !key.starts_with("mlflow."));
        assert_eq!((&found.params, &found.tags, &found.note), (&run.params, &run.tags, &run.note));
        assert_eq!(
            (found.status, found.started, found.ended),
            (run.status, run.started, run.ended)
        );
        assert_eq!((&found.parent, &found.name), (&run.parent, &run.name));
        assert_eq!(back.recipe(&run.id).unwrap(), workspace.recipe(&run.id).unwrap());
        let series = |workspace: &Workspace| {
            format!("{:?}", workspace.series(&run.id, "Güte").unwrap().points)
        };
        assert_eq!(series(&back), series(&workspace));
    }
    let version = back.find_version("a/b@champion").unwrap();
    assert_eq!(version.id, workspace.version("a/b", 1).unwrap().id);
    assert_eq!(version.tags, BTreeMap::from([("stage".into(), "live".into())]));
    back.verify().unwrap();
    // Neither a second pull nor one into where it came from changes anything, nor is it pushed back.
    let entries = back.audit(None, 1_000, 0).unwrap().len();
    assert_eq!(pull(&mut back, &mut server, None).unwrap().0, Pulled::default());
    assert_eq!(back.audit(None, 1_000, 0).unwrap().len(), entries);
    assert_eq!(pull(&mut workspace, &mut server, None).unwrap().0, Pulled::default());
    let whole = server.clone();
    let options = PushOptions::default();
    let mut again = Push::new(&back, URL, &options).unwrap();
    drive(&mut again, &mut back, &mut server, &mut |_, _, _| None).unwrap();
    assert_eq!(server, whole);
    for cut in 0..requests {
        let mut back = Workspace::in_memory().unwrap();
        pull(&mut back, &mut server, Some(cut)).unwrap_err();
        pull(&mut back, &mut server, None).unwrap();
        assert_eq!(back.runs(&Query::default()).unwrap().total, 2, "cut at {cut}");
        assert_eq!(back.models().unwrap()[0].versions.len(), 1);
    }
}

#[test]
fn an_experiment_that_is_not_there_is_named() {
    let error = pull(&mut Workspace::in_memory().unwrap(), &mut Server::default(), None);
    assert_eq!(error.unwrap_err().code(), "mlflow_missing");
}

#[test]
fn runs_keep_the_run_that_they_are_part_of_whichever_comes_first() {
    let (mut workspace, mut server) = (filled(), Server::default());
    let child = workspace.runs(&Query::default()).unwrap().runs;
    let child = child.into_iter().find(|run| run.name == "child").unwrap();
    let grandchild = begin(&mut workspace, "grandchild", Some(&child.id));
    workspace.end_run(&stamp(9), &grandchild, Status::Finished).unwrap();
    push(&mut workspace, &mut server);
    server.backwards = true;
    let mut back = Workspace::in_memory().unwrap();
    assert_eq!(pull(&mut back, &mut server, None).unwrap().0.runs, 3);
    assert_eq!(back.run(&grandchild).unwrap().parent, Some(child.id.clone()));
    assert_eq!(back.run(&child.id).unwrap().parent, child.parent);
    // Of a run whose parent still runs, and so is left, what is below it comes all the same.
    server.runs[0].info.insert("status".into(), "RUNNING".into());
    let mut back = Workspace::in_memory().unwrap();
    assert_eq!(pull(&mut back, &mut server, None).unwrap().0.runs, 2);
    assert_eq!(back.run(&child.id).unwrap().parent, None);
    assert_eq!(back.run(&grandchild).unwrap().parent, Some(child.id));
}

#[test]
fn a_server_whose_pages_never_end_is_told() {
    let mut workspace = Workspace::in_memory().unwrap();
    let mut pull = Pull::new(URL, "x", stamp(1));
    let mut server = Server { experiments: vec!["x".into()], ..Server::default() };
    let error = loop {
        let Next::Send(request) = pull.next(&mut workspace).unwrap() else { panic!("it ended") };
        let mut response = server.handle(&request);
        if request.path.ends_with("runs/search") {
            response.body = br#"{"runs":[],"next_page_token":"1"}"#.to_vec();
        }
        if let Err(error) = pull.answer(&mut workspace, &response) {
            break error;
        }
    };
    assert_eq!((error.code(), pull.progress().requests), ("mlflow_answer", 3));
}
