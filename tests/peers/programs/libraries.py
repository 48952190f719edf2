"""The peers for Python, each with the parameters that a work gives Hedgerow, on one thread.

Libraries are imported where they are used, so that none is counted in another's memory.
"""

import numpy

SEED = 42

# Read strings and missing values by themselves.
TAKE_TABLES = {"ydf"}


def make(library, learner, classify):
    """A model with scikit-learn's methods `fit`, `predict` and `predict_proba`."""
    return MAKERS[library, learner["kind"]](learner, classify)


def scikit_forest(learner, classify):
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor

    forest = RandomForestClassifier if classify else RandomForestRegressor
    return forest(n_estimators=learner["nEstimators"], random_state=SEED, n_jobs=1)


def scikit_tree(learner, classify):
    from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

    return (DecisionTreeClassifier if classify else DecisionTreeRegressor)(random_state=SEED)


def scikit_boosting(learner, classify):
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    boosting = HistGradientBoostingClassifier if classify else HistGradientBoostingRegressor
    return boosting(
        max_iter=learner["nEstimators"],
        max_leaf_nodes=learner["numLeaves"],
        learning_rate=learner["learningRate"],
        early_stopping=False,
        random_state=SEED,
    )


def scikit_logistic(learner, classify):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression()


def scikit_mlp(learner, classify):
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    mlp = MLPClassifier(
        hidden_layer_sizes=learner["hiddenLayerSizes"],
        max_iter=learner["maxIter"],
        batch_size=learner["batchSize"],
        # So many epochs are asked for, however little the last ones still change.
        n_iter_no_change=learner["maxIter"],
        random_state=SEED,
    )
    return make_pipeline(StandardScaler(), mlp)


class ScikitIsolation:
    """Isolation forests with the methods of classifiers: the anomaly is the second class."""

    def __init__(self, learner, classify):
        from sklearn.ensemble import IsolationForest

        trees = learner["nEstimators"]
        self.forest = IsolationForest(n_estimators=trees, random_state=SEED, n_jobs=1)

    def fit(self, x, y):
        self.forest.fit(x)

    def predict(self, x):
        return numpy.where(self.forest.predict(x) < 0, 1, 0)

    def predict_proba(self, x):
        scores = -self.forest.score_samples(x)
        return numpy.stack([1 - scores, scores], axis=1)


def lightgbm_boosting(learner, classify):
    from lightgbm import LGBMClassifier, LGBMRegressor

    return (LGBMClassifier if classify else LGBMRegressor)(
        n_estimators=learner["nEstimators"],
        num_leaves=learner["numLeaves"],
        learning_rate=learner["learningRate"],
        random_state=SEED,
        n_jobs=1,
        verbose=-1,
    )


def xgboost_boosting(learner, classify):
    from xgboost import XGBClassifier, XGBRegressor

    return (XGBClassifier if classify else XGBRegressor)(
        n_estimators=learner["nEstimators"],
        # It grows level by level: six of them for some 31 leaves.
        max_depth=6,
        learning_rate=learner["learningRate"],
        tree_method="hist",
        random_state=SEED,
        n_jobs=1,
    )


class Ydf:
    """A learner of YDF, with scikit-learn's methods."""

    def __init__(self, learner, classify, **parameters):
        import ydf

        ydf.verbose(0)
        task = ydf.Task.CLASSIFICATION if classify else ydf.Task.REGRESSION
        self.classify = classify
        self.learner = getattr(ydf, learner)(
            label="target", task=task, num_threads=1, random_seed=SEED, **parameters
        )

    def fit(self, x, y):
        self.model = self.learner.train(x.assign(target=y))
        # It sorts classes by their frequency.
        self.order = numpy.argsort(self.codes()) if self.classify else None

    def codes(self):
        return [int(label) for label in self.model.label_classes()]

    def predict(self, x):
        predicted = self.model.predict(x)
        return self._all(predicted).argmax(axis=1) if self.classify else predicted

    def predict_proba(self, x):
        return self._all(self.model.predict(x))

    def _all(self, predicted):
        """Of two classes, it gives the probability of the second only."""
        both = numpy.stack([1 - predicted, predicted], axis=1) if predicted.ndim == 1 else predicted
        return both[:, self.order].astype(numpy.float64)


def ydf_forest(learner, classify):
    parameters = {"num_trees": learner["nEstimators"], "compute_oob_performances": False}
    return Ydf("RandomForestLearner", classify, **parameters)


def ydf_tree(learner, classify):
    return Ydf("CartLearner", classify)


def ydf_boosting(learner, classify):
    return Ydf(
        "GradientBoostedTreesLearner",
        classify,
        num_trees=learner["nEstimators"],
        growing_strategy="BEST_FIRST_GLOBAL",
        max_num_nodes=learner["numLeaves"],
        max_depth=-1,
        shrinkage=learner["learningRate"],
        validation_ratio=0.0,
        early_stopping="NONE",
    )


MAKERS = {
    ("scikit-learn", "random-forest"): scikit_forest,
    ("scikit-learn", "decision-tree"): scikit_tree,
    ("scikit-learn", "gradient-boosting"): scikit_boosting,
    ("scikit-learn", "logistic-regression"): scikit_logistic,
    ("scikit-learn", "mlp"): scikit_mlp,
    ("scikit-learn", "isolation-forest"): ScikitIsolation,
    ("lightgbm", "gradient-boosting"): lightgbm_boosting,
    ("xgboost", "gradient-boosting"): xgboost_boosting,
    ("ydf", "random-forest"): ydf_forest,
    ("ydf", "decision-tree"): ydf_tree,
    ("ydf", "gradient-boosting"): ydf_boosting,
}
