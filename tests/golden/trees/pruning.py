"""The figures of the test of pruning in crates/learn/src/forest/prune.rs.

python pruning.py; written with scikit-learn 1.9.1.
"""

from sklearn.tree import DecisionTreeRegressor

rows = range(60)
x = [[row * 7 % 13, row * 5 % 11] for row in rows]
y = [1.7 * a + 0.31 * b * b + 0.9 * (row * row % 17) for row, (a, b) in zip(rows, x)]
tree = DecisionTreeRegressor(min_samples_leaf=3, random_state=0)
path = tree.cost_complexity_pruning_path(x, y)
print("alphas", [float(value) for value in path.ccp_alphas])
print("impurities", [float(value) for value in path.impurities])
for alpha in (0.5, 3.0):
    fitted = DecisionTreeRegressor(min_samples_leaf=3, random_state=0, ccp_alpha=alpha).fit(x, y)
    print(alpha, fitted.get_n_leaves(), float(fitted.predict([[3, 4]])[0]))
