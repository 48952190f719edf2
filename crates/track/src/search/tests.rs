use proptest::prelude::*;

use super::parse::filter;
use super::*;
use crate::{Log, NewRun, Point, Stamp, Status};

fn stamp(at: i64) -> Stamp {
    Stamp { at, author: "Ada".into() }
}

/// Three runs: a forest with an AUC of .95, a tree with .85 that failed, one with neither.
fn three_runs() -> Workspace {
    let mut workspace = Workspace::in_memory().unwrap();
    let runs = [
        ("forest", Some(("random-forest", "10", 0.95)), Status::Finished),
        ("tree", Some(("decision-tree", "9", 0.85)), Status::Failed),
        ("none", None, Status::Finished),
    ];
    for (at, (name, with, status)) in (1..).zip(runs) {
        let mut run = new_run(name);
        if let Some((learner, depth, _)) = with {
            run.params.insert("learner".into(), learner.into());
            run.params.insert("max_depth".into(), depth.into());
            run.tags.insert("team.name".into(), "50% off".into());
        }
        let id = workspace.start_run(&stamp(at), &run).unwrap();
        if let Some((_, _, auc)) = with {
            let metrics = vec![Point { key: "roc.auc".into(), value: auc, step: 0, at }];
            workspace.log(&id, &Log { metrics, ..Log::default() }).unwrap();
        }
        workspace.end_run(&stamp(at + 10 * at), &id, status).unwrap();
    }
    workspace
}

fn new_run(name: &str) -> NewRun {
    serde_json::from_value(serde_json::json!({ "name": name, "nonce": name })).unwrap()
}

fn names(workspace: &Workspace, filter: &str, order_by: &str) -> Vec<String> {
    let query = Query { filter: filter.into(), order_by: order_by.into(), ..Query::default() };
    let page = workspace.runs(&query).unwrap();
    assert_eq!(page.total, page.runs.len() as i64);
    page.runs.into_iter().map(|run| run.name).collect()
}

#[test]
fn filters_find_what_they_say() {
    let workspace = three_runs();
    let cases: [(&str, &[&str]); 24] = [
        ("", &["none", "tree", "forest"]),
        ("  ", &["none", "tree", "forest"]),
        ("metrics.roc.auc > 0.9 and params.learner = 'random-forest'", &["forest"]),
        ("metrics.`roc.auc` >= .85", &["tree", "forest"]),
        ("metric.\"roc.auc\" < 9e-1", &["tree"]),
        ("metrics.roc.auc != 0.95", &["tree"]),
        ("metrics.roc.auc IS NULL", &["none"]),
        ("metrics.roc.auc is not null", &["tree", "forest"]),
        ("params.learner LIKE '%forest'", &["forest"]),
        ("params.learner LIKE '%Forest'", &[]),
        ("params.learner ILIKE '%FOREST'", &["forest"]),
        ("params.learner NOT LIKE '%forest'", &["none", "tree"]),
        ("params.learner IN ('decision-tree', 'x')", &["tree"]),
        // Not as texts, by which 9 comes after 10.
        ("params.max_depth > 9", &["forest"]),
        ("tags.team.name = \"50% off\"", &["tree", "forest"]),
        ("tags.team.name LIKE '__% off'", &["tree", "forest"]),
        ("attributes.status = 'FAILED'", &["tree"]),
        ("status != 'FAILED' AND (run_name = 'none' OR run_name = 'forest')", &["none", "forest"]),
        ("NOT NOT (name = 'none' or name = 'tree') and not status = 'FAILED'", &["none"]),
        ("run.start_time <= 2", &["tree", "forest"]),
        ("duration > 25", &["none"]),
        ("experiment = 'Default' and name IN ('none')", &["none"]),
        ("parent is null and note = ''", &["none", "tree", "forest"]),
        ("dataset.name = 'x'", &[]),
    ];
    for (filter, expected) in cases {
        assert_eq!(names(&workspace, filter, ""), expected, "{filter}");
    }
}

#[test]
fn what_has_no_value_comes_last_in_any_order() {
    let workspace = three_runs();
    assert_eq!(names(&workspace, "", "metrics.roc.auc DESC"), ["forest", "tree", "none"]);
    assert_eq!(names(&workspace, "", "metrics.`roc.auc`"), ["tree", "forest", "none"]);
    assert_eq!(names(&workspace, "", "params.learner asc"), ["tree", "forest", "none"]);
    assert_eq!(names(&workspace, "", "run_name"), ["forest", "none", "tree"]);
}

#[test]
fn pages_cut_an_order_into_pieces() {
    let workspace = three_runs();
    let page = |limit, offset| {
        let order_by = "metrics.roc.auc DESC".into();
        let query = Query { order_by, limit, offset, ..Query::default() };
        let page = workspace.runs(&query).unwrap();
        assert_eq!(page.total, 3);
        page.runs.into_iter().map(|run| run.name).collect::<Vec<_>>()
    };
    assert_eq!(page(2, 0), ["forest", "tree"]);
    assert_eq!(page(2, 1), ["tree", "none"]);
    assert_eq!(page(1, 2), ["none"]);
    assert!(page(10, 3).is_empty());
    for limit in [0, MOST + 1] {
        let error = workspace.runs(&Query { limit, ..Query::default() }).unwrap_err();
        assert!(matches!(error, TrackError::Value { .. }));
    }
}

/// Six hundred runs, of which every second has a metric and every third a parameter.
fn many_runs() -> Workspace {
    let mut workspace = Workspace::in_memory().unwrap();
    for at in 0..600 {
        let mut run = new_run(&format!("run {at}"));
        run.experiment = format!("experiment {}", at % 4);
        if at % 3 == 0 {
            run.params.insert("depth".into(), (at % 7).to_string());
        }
        let id = workspace.start_run(&stamp(at), &run).unwrap();
        let value = (at * 7 % 600) as f64;
        let metrics = vec![Point { key: "auc".into(), value, step: 0, at }];
        let metrics = if at % 2 == 0 { metrics } else { Vec::new() };
        workspace.log(&id, &Log { metrics, ..Log::default() }).unwrap();
        workspace.end_run(&stamp(at + at % 5), &id, Status::Finished).unwrap();
    }
    workspace
}

#[test]
fn of_many_runs_those_are_found_that_fulfil_a_filter_in_any_order() {
    type Test = fn(i64) -> bool;
    type Key = fn(i64) -> i64;
    let workspace = many_runs();
    let cases: [(&str, Test); 8] = [
        ("", |_| true),
        ("metrics.auc >= 0", |at| at % 2 == 0),
        ("metrics.auc is null", |at| at % 2 == 1),
        ("metrics.auc >= 0 and not params.depth > 3", |at| {
            at % 2 == 0 && !(at % 3 == 0 && at % 7 > 3)
        }),
        ("not (metrics.auc >= 0 or params.depth > 3)", |at| {
            at % 2 == 1 && !(at % 3 == 0 && at % 7 > 3)
        }),
        ("params.depth is null and run_name like '%1%' and duration < 4", |at| {
            at % 3 != 0 && at.to_string().contains('1') && at % 5 < 4
        }),
        ("duration = 4 or params.depth = '6'", |at| at % 5 == 4 || (at % 3 == 0 && at % 7 == 6)),
        ("metrics.auc = 14 or metrics.auc = 28", |at| at == 2 || at == 4),
    ];
    let keys: [(&str, Key); 4] = [
        ("", |at| -at),
        ("run_name", |_| 0),
        ("duration desc", |at| -(at % 5)),
        ("metrics.auc", |at| if at % 2 == 0 { at * 7 % 600 } else { 10_000 - at }),
    ];
    for ((filter, test), (order_by, key)) in
        cases.iter().flat_map(|case| keys.map(|key| (case, key)))
    {
        let found = paged(&workspace, filter, order_by);
        let mut expected: Vec<i64> = (0..600).filter(|at| test(*at)).collect();
        assert_eq!(found.len(), expected.len(), "{filter} by {order_by}");
        assert!(found.is_sorted_by_key(|at| key(*at)), "{filter} by {order_by}");
        let mut found = found;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{filter} by {order_by}");
    }
    let of = |experiment: &str, parent: &str| {
        let place = (Some(experiment.into()), Some(parent.into()));
        let (experiment, parent) = place;
        let filter = "metrics.auc >= 0".into();
        workspace.runs(&Query { filter, experiment, parent, ..Query::default() }).unwrap().total
    };
    assert_eq!((of("experiment 2", ""), of("experiment 1", ""), of("none", "")), (150, 0, 0));
}

/// All runs of a filter, by pages, as when they began.
fn paged(workspace: &Workspace, filter: &str, order_by: &str) -> Vec<i64> {
    let mut found = Vec::new();
    loop {
        let query = Query {
            filter: filter.into(),
            order_by: order_by.into(),
            limit: 70,
            offset: found.len(),
            ..Query::default()
        };
        let page = workspace.runs(&query).unwrap();
        found.extend(page.runs.iter().map(|run| run.started));
        if page.runs.is_empty() {
            assert_eq!(page.total, found.len() as i64);
            return found;
        }
    }
}

#[test]
fn a_filter_that_cannot_be_read_says_where_and_why() {
    let cases = [
        ("metrics.auc > 'x'", 18, "a number"),
        ("metrics.auc > ", 15, "a number or a text"),
        ("status = FINISHED", 10, "a number or a text"),
        ("status = 'FINISHED' metrics.a > 1", 21, "`and`, `or`"),
        ("colour = 'red'", 1, "a field"),
        ("(status = 'a'", 14, "`)`"),
        ("params.x", 9, "a comparison"),
        ("status = 'never closed", 10, "a number or a text"),
        ("é = 1", 1, "a field"),
    ];
    for (text, place, expected) in cases {
        let Err(TrackError::Filter { at, reason }) = filter(text) else {
            panic!("{text} was read")
        };
        assert!(reason.contains(expected), "{text}: {reason}");
        assert_eq!(at, place, "{text}");
    }
    for long in ["(".repeat(60), "not ".repeat(3_000)] {
        assert!(matches!(filter(&long), Err(TrackError::Filter { .. })));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "[ -~é]{0,60}") {
        let workspace = three_runs();
        let _ = workspace.runs(&Query { filter: text.clone(), ..Query::default() });
        let _ = workspace.runs(&Query { order_by: text, ..Query::default() });
    }

    #[test]
    fn any_words_of_the_language_are_read_or_refused(
        words in proptest::collection::vec(
            proptest::sample::select(vec![
                "metrics.a", "params.b", "status", "and", "or", "not", "(", ")", "=", "like", "in",
                "is", "null", "'x'", "1", ",", "dataset.name", "-inf", "nan",
            ]),
            0..14,
        )
    ) {
        let workspace = three_runs();
        let _ = workspace.runs(&Query { filter: words.join(" "), ..Query::default() });
    }
}
