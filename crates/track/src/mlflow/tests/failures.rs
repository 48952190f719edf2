use super::*;

#[test]
fn a_lost_answer_or_a_failure_of_the_server_is_asked_for_again() {
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for cut in 0..requests() {
        let (mut workspace, mut server) = (filled(), Server::default());
        let mut push = Push::new(&workspace, URL, &all()).unwrap();
        // It failed after having done what was asked.
        let waited = drive(&mut push, &mut workspace, &mut server, &mut |at, server, request| {
            (at == cut).then(|| {
                server.handle(request);
                Ok(HttpResponse { status: 502, ..HttpResponse::default() })
            })
        });
        assert_eq!((waited, &server), (Ok(1), &whole), "lost at {cut}");
    }
}

#[test]
fn what_is_refused_has_a_code_and_can_be_tried_again() {
    let html = HttpResponse {
        status: 404,
        body: b"<h1>Not Found</h1>".to_vec(),
        ..HttpResponse::default()
    };
    let text =
        HttpResponse { status: 200, body: b"<h1>Log in</h1>".to_vec(), ..HttpResponse::default() };
    let cases = [
        (refuse(401, "UNAUTHENTICATED"), "mlflow_unauthorized"),
        (HttpResponse { status: 401, ..HttpResponse::default() }, "mlflow_unauthorized"),
        (refuse(403, "PERMISSION_DENIED"), "mlflow_forbidden"),
        (html, "mlflow_not_found"),
        (text, "mlflow_answer"),
        (refuse(400, "INVALID_PARAMETER_VALUE"), "mlflow_refused"),
        (
            HttpResponse {
                status: 200,
                body: vec![b' '; (64 << 20) + 1],
                ..HttpResponse::default()
            },
            "mlflow_answer",
        ),
        (HttpResponse { status: 302, ..HttpResponse::default() }, "mlflow_refused"),
    ];
    let mut whole = Server::default();
    push(&mut filled(), &mut whole);
    for (response, code) in cases {
        for at in [0, 4, 9] {
            let (mut workspace, mut server) = (filled(), Server::default());
            let mut push = Push::new(&workspace, URL, &all()).unwrap();
            let error = drive(&mut push, &mut workspace, &mut server, &mut |n, _, _| {
                (n == at).then(|| Ok(response.clone()))
            });
            let error = error.unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            // The same push goes on where it was.
            drive(&mut push, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
            assert_eq!(server, whole);
        }
    }
}

#[test]
fn what_a_server_says_is_one_short_line() {
    let mut push = Push::new(&filled(), URL, &all()).unwrap();
    push.next(&mut filled()).unwrap();
    let message = format!("no\n\u{1b}[2Jsuch {}", "long ".repeat(10_000));
    let body = serde_json::json!({ "error_code": "NO", "message": message }).to_string();
    let response = HttpResponse { status: 400, body: body.into_bytes(), ..Default::default() };
    let text = push.answer(&mut filled(), &response).unwrap_err().to_string();
    assert!(text.contains("no [2Jsuch long") && text.chars().count() < 300, "{text}");
}

#[test]
fn who_is_asked_to_wait_waits_but_not_for_ever() {
    let busy = |seconds: &str| HttpResponse {
        status: 429,
        headers: vec![("retry-after".into(), seconds.into())],
        body: Vec::new(),
    };
    let (mut workspace, mut server) = (filled(), Server::default());
    let mut first = Push::new(&workspace, URL, &all()).unwrap();
    let waited = drive(&mut first, &mut workspace, &mut server, &mut |at, _, _| match at {
        3 => Some(Ok(busy("7"))),
        4 => Some(Ok(busy("Wed, 21 Oct 2026 07:28:00 GMT"))),
        _ => None,
    });
    assert_eq!(waited, Ok(7 + 2));
    let codes = [(busy("999"), "mlflow_busy"), (refuse(500, "INTERNAL_ERROR"), "mlflow_server")];
    for (response, code) in codes {
        let (mut workspace, mut server) = (filled(), Server::default());
        let mut push = Push::new(&workspace, URL, &all()).unwrap();
        let always = &mut |_, _: &mut Server, _: &HttpRequest| Some(Ok(response.clone()));
        assert_eq!(drive(&mut push, &mut workspace, &mut server, always).unwrap_err().code(), code);
        drive(&mut push, &mut workspace, &mut server, &mut |_, _, _| None).unwrap();
        assert_eq!(server.runs.len(), 3);
    }
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let mut workspace = filled();
    let mut push = Push::new(&workspace, URL, &all()).unwrap();
    let mut waits = Vec::new();
    let error = loop {
        match push.next(&mut workspace).unwrap() {
            Next::Wait { seconds } => waits.push(seconds),
            _ => {
                if let Err(error) = push.failed("timed out") {
                    break error;
                }
            }
        }
    };
    assert_eq!((error.code(), waits), ("mlflow_unreachable", vec![1, 2, 4, 8, 16]));
}
