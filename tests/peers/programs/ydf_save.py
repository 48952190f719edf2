"""Trains boosted trees with YDF, as the works of the benches have them, and saves them as a zip for serving.

    python ydf_save.py TRAIN TARGET FOLDER
"""

import shutil
import sys

import pandas
import ydf

train, target, folder = sys.argv[1:4]
ydf.verbose(0)
learner = ydf.GradientBoostedTreesLearner(
    label=target,
    num_trees=100,
    growing_strategy="BEST_FIRST_GLOBAL",
    max_num_nodes=31,
    max_depth=-1,
    shrinkage=0.1,
    validation_ratio=0.0,
    early_stopping="NONE",
    num_threads=1,
    random_seed=42,
    pure_serving_model=True,
)
learner.train(pandas.read_csv(train)).save(folder)
shutil.make_archive(folder, "zip", folder)
