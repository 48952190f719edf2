"""Makes experiment.json: A/B tests, and what scipy, statsmodels and numpy say of them.

    pip install scipy==1.17.1 statsmodels==0.15.0
    python experiment.py > experiment.json
"""

import json
import math

import numpy as np
from scipy import integrate, stats
from statsmodels.stats.power import NormalIndPower, tt_ind_solve_power
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_effectsize,
    proportions_ztest,
)

rng = np.random.default_rng(5)


def ratio(counts, weights):
    expected = np.array(weights) / sum(weights) * sum(counts)
    statistic, p = stats.chisquare(counts, expected)
    return {"counts": counts, "weights": weights, "statistic": statistic, "p": p}


def best(densities, cdfs, low, high, points):
    """Probability to be the largest, and the expected value of the largest."""
    def over(f):
        edges = sorted({low, high, *[p for p in points if low < p < high]})
        return sum(integrate.quad(f, a, b, epsabs=1e-14, epsrel=1e-12, limit=500)[0] for a, b in zip(edges, edges[1:]))
    k = len(densities)
    others = lambda i, x: math.prod(cdfs[j](x) for j in range(k) if j != i)
    chances = [over(lambda x, i=i: densities[i](x) * others(i, x)) for i in range(k)]
    return chances, over(lambda x: sum(x * densities[i](x) * others(i, x) for i in range(k)))


def beliefs(all_, low, high):
    points = [d.mean() + s * d.std() for d in all_ for s in (-8, -4, -2, -1, 0, 1, 2, 4, 8)]
    chances, most = best([d.pdf for d in all_], [d.cdf for d in all_], low, high, points)
    return [
        {"best": c, "loss": most - d.mean(), "mean": d.mean(), "interval": list(d.ppf([0.025, 0.975]))}
        for c, d in zip(chances, all_)
    ]


def evidence(t, freedom, ratio):
    """By which factor t is likelier where differences are mixed: over all that the deviation may be taken for, the
    normal likelihood of what the difference then is."""
    deviation = stats.chi(freedom, scale=1 / math.sqrt(freedom))
    width = 12 * math.sqrt(0.5 / freedom)
    def likelihood(variance):
        f = lambda s: stats.norm.pdf(t * s, 0, math.sqrt(variance)) * s * deviation.pdf(s)
        return integrate.quad(f, max(0, 1 - width), 1 + width, points=[1.0], epsabs=0, epsrel=1e-11, limit=500)[0]
    return likelihood(ratio) / likelihood(1.0)


def any_time_proportion(a, b, mixture=0.05):
    """With one success and one failure more."""
    y, z = [np.repeat([1.0, 0.0], [s + 1, n - s + 1]) for s, n in (a, b)]
    return any_time(y, z, mixture)


def any_time(y, z, mixture=0.05):
    """With a thousand units' worth of the variance of both, where it is larger than a variant's own."""
    together = np.var(np.concatenate([y - y.mean(), z - z.mean()]), ddof=2)
    cautious = lambda v: np.average([v.var(ddof=1), max(v.var(ddof=1), together)], weights=[len(v) - 1, 1000])
    n, variances = (len(y), len(z)), (cautious(y), cautious(z))
    found = stats.ttest_ind_from_stats(
        z.mean(), math.sqrt(variances[1]), n[1], y.mean(), math.sqrt(variances[0]), n[0], equal_var=False
    )
    error = math.hypot(*[math.sqrt(v / m) for v, m in zip(variances, n)])
    freedom = error**4 / sum((v / m) ** 2 / (m - 1) for v, m in zip(variances, n))
    units = sum(variances) / 2 / error**2
    return min(1.0, 1 / evidence(found.statistic, freedom, 1 + units * mixture**2))


def proportion(a, b):
    (s, n), (r, m) = a, b
    z, p = proportions_ztest([r, s], [m, n])
    low, high = confint_proportions_2indep(r, m, s, n, method="newcomb", compare="diff")
    return {
        "arms": [{"n": n, "successes": s}, {"n": m, "successes": r}],
        "z": z, "p": p, "interval": [low, high], "anyTime": any_time_proportion(a, b),
        "beliefs": beliefs([stats.beta(1 + s, 1 + n - s), stats.beta(1 + r, 1 + m - r)], 0, 1),
    }


def sums(y, x=None):
    arm = {"n": len(y), "sum": float(math.fsum(y)), "sumSquares": float(math.fsum(v * v for v in y))}
    if x is not None:
        arm["covariate"] = {
            "sum": float(math.fsum(x)),
            "sumSquares": float(math.fsum(v * v for v in x)),
            "sumProducts": float(math.fsum(u * v for u, v in zip(x, y))),
        }
    return arm


def welch(y, z):
    found = stats.ttest_ind(z, y, equal_var=False)
    low, high = found.confidence_interval(0.95)
    return {"t": float(found.statistic), "p": float(found.pvalue), "freedom": float(found.df), "interval": [low, high]}


def mean(y, z):
    all_ = [stats.norm(np.mean(v), np.std(v, ddof=1) / math.sqrt(len(v))) for v in (y, z)]
    ends = [d.mean() + s * d.std() for d in all_ for s in (-12, 12)]
    return {
        "arms": [sums(y), sums(z)], **welch(y, z), "anyTime": any_time(y, z),
        "beliefs": beliefs(all_, min(ends), max(ends)),
    }


def cuped(n, m, effect, rho):
    x, w = rng.gamma(2, 3, n), rng.gamma(2, 3, m)
    y, z = rho * x + rng.normal(0, 2, n), rho * w + rng.normal(effect, 2, m)
    # Regression on the covariate within variants.
    dx = np.concatenate([x - x.mean(), w - w.mean()])
    dy = np.concatenate([y - y.mean(), z - z.mean()])
    theta = float(np.linalg.lstsq(dx[:, None], dy, rcond=None)[0][0])
    centre = np.concatenate([x, w]).mean()
    u, v = y - theta * (x - centre), z - theta * (w - centre)
    removed = 1 - float(((dy - theta * dx) ** 2).sum() / (dy**2).sum())
    return {
        "arms": [sums(y, x), sums(z, w)], "theta": theta, "removed": removed,
        "means": [float(u.mean()), float(v.mean())], **welch(u, v),
    }


def plan_proportion(baseline, effect, alpha=0.05, power=0.8, ratio=1.0):
    size = proportion_effectsize(baseline + effect, baseline)
    n = NormalIndPower().solve_power(abs(size), alpha=alpha, power=power, ratio=ratio)
    return {"options": {"baseline": baseline, "effect": effect, "alpha": alpha, "power": power, "ratio": ratio}, "n": float(n)}


def plan_mean(std, effect, alpha=0.05, power=0.8, ratio=1.0):
    n = tt_ind_solve_power(abs(effect) / std, alpha=alpha, power=power, ratio=ratio)
    return {"options": {"std": std, "effect": effect, "alpha": alpha, "power": power, "ratio": ratio}, "n": float(np.squeeze(n))}


def detectable(std, n, ratio=1.0):
    size = tt_ind_solve_power(nobs1=n, alpha=0.05, power=0.8, ratio=ratio)
    return {"options": {"std": std, "n": n, "ratio": ratio}, "effect": std * float(np.squeeze(size))}


def students():
    pairs = [(0.1, 1), (2.0, 1.3), (1.5, 4), (-3.2, 17.5), (12.0, 30), (40.0, 300), (1.96, 1e5), (5.0, 1e7), (2.2, 3e9)]
    return [{"t": t, "freedom": f, "p": float(2 * stats.t.sf(abs(t), f))} for t, f in pairs]


def betas():
    all_ = [(0.5, 0.5, 0.1), (1, 1, 0.3), (2, 30, 0.02), (400, 600, 0.41), (1e5, 9e5, 0.1003), (3e6, 2, 0.9999995), (2e9, 7e9, 0.22222), (3e5, 2e5, 0.6000001), (1e8, 1.1e8, 0.47619047), (1, 1e6, 1e-6)]
    return [{"a": a, "b": b, "x": x, "p": float(stats.beta.cdf(x, a, b))} for a, b, x in all_]


small = [rng.normal(3, 1, 8), rng.normal(4, 3, 5)]
print(json.dumps({
    "ratios": [
        ratio([5000, 5100], [1, 1]), ratio([5000, 5300], [1, 1]), ratio([900, 98, 2], [90, 9, 1]),
        ratio([10, 12], [0.5, 0.5]), ratio([1_000_000, 1_005_000, 998_000], [1, 1, 1]),
    ],
    "proportions": [
        proportion((100, 1000), (130, 1010)), proportion((3, 40), (9, 38)), proportion((50_000, 500_000), (50_900, 500_500)),
        proportion((0, 30), (4, 30)), proportion((20, 20), (15, 22)), proportion((4_950, 99_000), (61, 1000)),
        proportion((10, 100), (55, 110)), proportion((200_000, 1_000_000), (203_000, 1_010_000)),
    ],
    "means": [
        mean(*small), mean(rng.normal(10, 2, 400), rng.normal(10.3, 2, 380)),
        mean(rng.exponential(30, 900), rng.exponential(36, 100)), mean(rng.normal(0, 1, 50), rng.normal(1.5, 4, 60)),
    ],
    "cuped": [cuped(300, 320, 0.4, 0.9), cuped(150, 50, 0.0, 0.2), cuped(40, 45, 1.0, -1.5)],
    "plans": [
        plan_proportion(0.1, 0.02), plan_proportion(0.1, -0.02), plan_proportion(0.02, 0.001, 0.01, 0.9),
        plan_proportion(0.5, 0.1, ratio=0.25), plan_mean(10, 1), plan_mean(1, 1.2), plan_mean(3, -0.1, 0.1, 0.95, 3.0),
    ],
    "detectable": [detectable(10, 1000), detectable(2, 50, 0.5), detectable(1, 10)],
    "students": students(),
    "betas": betas(),
}))
