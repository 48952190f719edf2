use super::*;

#[test]
fn all_of_a_workspace_is_at_the_server() {
    let (mut workspace, mut server) = (filled(), Server::default());
    let pushed = push(&mut workspace, &mut server);
    assert_eq!((pushed.runs, pushed.points, pushed.versions), (3, 1_100, 2));
    let [parent, child, _] = &server.runs[..] else { panic!() };
    assert_eq!(parent.params.len(), 151);
    assert_eq!(parent.metrics.len(), 1_100);
    assert_eq!(
        (parent.info["status"].as_str(), parent.info["end_time"].as_i64()),
        (Some("FINISHED"), Some(4))
    );
    assert_eq!(child.tags[PARENT_TAG], "r0");
    assert_eq!((parent.tags[USER_TAG].as_str(), parent.tags[NAME_TAG].as_str()), ("Ada", "parent"));
    assert_eq!(parent.tags[NOTE_TAG].chars().count(), 5_000);
    let input = &parent.inputs[&"d".repeat(36)];
    assert_eq!(input["tags"][0]["value"], "test, train");
    let names: Vec<&str> = server.files.keys().map(String::as_str).collect();
    assert!(names.contains(&"2/r0/artifacts/model/MLmodel"), "{names:?}");
    assert_eq!(server.files["2/r0/artifacts/model/model.safetensors"], model());
    assert_eq!(names.iter().filter(|name| name.contains("plots/a _1-")).count(), 1);
    let model = &server.models[server.models.keys().next().unwrap()];
    assert_eq!(model.versions[0]["source"], "mlflow-artifacts:/2/r0/artifacts/model");
    assert_eq!(model.aliases["champion"], "1");
}

#[test]
fn a_second_push_changes_nothing_and_a_change_is_sent_alone() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let before = server.clone();
    assert_eq!(push(&mut workspace, &mut server), Pushed::default());
    assert_eq!(server, before);
    let run = workspace.runs(&Query::default()).unwrap().runs.remove(0).id;
    workspace.tag_run(&stamp(9), &run, &BTreeMap::from([("new".into(), "1".into())])).unwrap();
    workspace.promote(&stamp(9), "a/b", 2, "champion", "better").unwrap();
    workspace.promote(&stamp(9), "a/b", 1, "latest", "a name MLflow keeps").unwrap();
    // The tags, the record, and both aliases.
    assert_eq!(push(&mut workspace, &mut server).changes, 4);
    workspace.remove_alias(&stamp(9), "a/b", "champion", "worse").unwrap();
    assert_eq!(push(&mut workspace, &mut server).changes, 1);
    let aliases = &server.models.values().next().unwrap().aliases;
    assert!(aliases.len() == 1 && aliases.keys().all(|alias| alias.starts_with("latest-")));
}

#[test]
fn a_push_cut_anywhere_goes_on_there_and_nothing_is_there_twice() {
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for cut in 0..requests() {
        for arrives in [true, false] {
            let (mut workspace, mut server) = (filled(), Server::default());
            let mut first = Push::new(&workspace, URL, &all()).unwrap();
            // The process is gone, with or without the server having got the request.
            let error =
                drive(&mut first, &mut workspace, &mut server, &mut |at, server, request| {
                    (at == cut).then(|| {
                        if arrives {
                            server.handle(request);
                        }
                        Err(MlflowError::Busy { tries: 0 })
                    })
                });
            assert!(error.is_err());
            let mut again = Push::new(&workspace, URL, &all()).unwrap();
            drive(&mut again, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
            assert_eq!(server, whole, "cut at {cut}");
        }
    }
}

#[test]
fn a_server_that_was_emptied_gets_all_of_it_again() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let whole = std::mem::take(&mut server);
    push(&mut workspace, &mut server);
    assert_eq!(server, whole);
    // As the experiment that is always there.
    server = Server { experiments: server.experiments, age: 1, ..Server::default() };
    push(&mut workspace, &mut server);
    assert!(server.runs == whole.runs);
}

#[test]
fn a_run_that_was_deleted_for_good_is_made_again() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    let run = workspace.runs(&Query::default()).unwrap().runs.remove(0).id;
    let whole = server.runs.iter().find(|one| one.tags[RUN_TAG] == run).unwrap().clone();
    for one in server.runs.iter_mut().filter(|one| one.tags.get(RUN_TAG) == Some(&run)) {
        *one = server::Run { gone: true, ..server::Run::default() };
    }
    workspace.tag_run(&stamp(9), &run, &BTreeMap::from([("new".into(), "1".into())])).unwrap();
    assert_eq!(push(&mut workspace, &mut server).runs, 1);
    let made = server.runs.last().unwrap();
    assert_eq!((&made.params, made.metrics.len()), (&whole.params, whole.metrics.len()));
    assert_eq!(push(&mut workspace, &mut server).changes, 0);
}

#[test]
fn a_server_that_knows_nothing_of_what_it_made_is_told() {
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    let error = drive(&mut push, &mut workspace, &mut server, &mut |_, _, request| {
        let missing = request.path.ends_with("log-batch");
        missing.then(|| Ok(refuse(404, "RESOURCE_DOES_NOT_EXIST")))
    });
    assert_eq!(error.unwrap_err().code(), "mlflow_refused");
    assert_eq!(server.runs.len(), 1);
}

#[test]
fn an_experiment_that_was_made_anew_leaves_the_others() {
    let (mut workspace, mut server) = (filled(), Server::default());
    push(&mut workspace, &mut server);
    // `Default` and `Äpfel`: the second alone was deleted for good, and made again.
    let mut second = Push::new(&workspace, URL, &all()).unwrap();
    let drove = drive(&mut second, &mut workspace, &mut server, &mut |_, server, request| {
        let mut response = server.handle(request);
        if request.path.contains("%C3%84pfel") {
            let text = String::from_utf8(response.body).unwrap();
            response.body = text.replace("\"creation_time\":0", "\"creation_time\":1").into();
        }
        Some(Ok(response))
    });
    assert_eq!(drove, Ok(0));
}

#[test]
fn what_cannot_be_exported_is_sent_as_it_is() {
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    loop {
        match push.next(&mut workspace).unwrap() {
            Next::Send(request) => push.answer(&mut workspace, &server.handle(&request)).unwrap(),
            Next::Export { sha256 } => push.exported(&sha256, None),
            Next::Wait { .. } => panic!(),
            Next::Done => break,
        }
    }
    assert_eq!(push.pushed().plain.len(), 2);
    assert!(server.files.keys().all(|name| !name.ends_with("MLmodel")));
    assert_eq!(self::push(&mut workspace, &mut server).changes, 0);
}

#[test]
fn runs_that_still_run_are_left_or_refused_by_name() {
    let mut workspace = filled();
    let running = begin(&mut workspace, "running", None);
    let mut server = Server::default();
    assert_eq!(push(&mut workspace, &mut server).runs, 3);
    let options = PushOptions { runs: vec![running], ..PushOptions::default() };
    let error = Push::new(&workspace, URL, &options).unwrap_err();
    assert!(matches!(error, MlflowError::Workspace(TrackError::Running { .. })));
}
