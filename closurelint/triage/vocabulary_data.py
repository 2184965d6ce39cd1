"""Generated from `catalogue.toml` by `pytest --bless`: edit that."""

from __future__ import annotations

Entry = tuple[str, tuple[int, ...], tuple[str, ...], tuple[str, ...], bool, bool, bool, tuple[str, ...]]
"""Name, positions and keywords of the objective, keywords that select, first only, certain, together,
methods of a class that are overridden."""

Group = tuple[tuple[bytes, ...], tuple[bytes, ...], dict[bytes, Entry]]
"""Words of which one has to occur, pieces of which one has to, and the names themselves."""

PACKAGES: dict[str, tuple[Group, ...]] = {
    'GPyOpt': (
        ((b'bayesian_optimization',), (b'BayesianOptimization',), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('f',), (), True, False, False, ())}),
        ((b'methods',), (b'BayesianOptimization',), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('f',), (), True, False, False, ())}),
    ),
    'aesara': (
        ((b'gradient',), (b'verify_grad',), {b'verify_grad': ('verify_grad', (0,), ('fun',), (), False, False, True, ())}),
    ),
    'autograd': (
        ((), (b'deriv', b'grad', b'hessian', b'jacobian', b'make_ggnvp', b'make_hvp', b'make_jvp', b'make_vjp'), {b'deriv': ('deriv', (0,), ('fun',), ('argnum',), True, False, False, ()), b'egrad': ('egrad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'elementwise_grad': ('elementwise_grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'grad': ('grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'grad_and_aux': ('grad_and_aux', (0,), ('fun',), ('argnum',), True, False, False, ()), b'grad_named': ('grad_named', (0,), ('fun',), ('argname',), True, False, False, ()), b'hessian': ('hessian', (0,), ('fun',), ('argnum',), True, False, False, ()), b'hessian_tensor_product': ('hessian_tensor_product', (0,), ('fun',), ('argnum',), True, False, False, ()), b'hessian_vector_product': ('hessian_vector_product', (0,), ('fun',), ('argnum',), True, False, False, ()), b'holomorphic_grad': ('holomorphic_grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('fun',), ('argnum',), True, False, False, ()), b'make_ggnvp': ('make_ggnvp', (0,), ('f',), ('f_argnum',), True, False, False, ()), b'make_hvp': ('make_hvp', (0,), ('fun',), ('argnum',), True, False, False, ()), b'make_jvp': ('make_jvp', (0,), ('fun',), ('argnum',), True, False, False, ()), b'make_vjp': ('make_vjp', (0,), ('fun',), ('argnum',), True, False, False, ()), b'multigrad_dict': ('multigrad_dict', (0,), ('fun',), (), False, False, True, ()), b'tensor_jacobian_product': ('tensor_jacobian_product', (0,), ('fun',), ('argnum',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'vector_jacobian_product': ('vector_jacobian_product', (0,), ('fun',), ('argnum',), True, False, False, ())}),
        ((b'differential_operators',), (b'deriv', b'grad', b'hessian', b'jacobian', b'make_ggnvp', b'make_hvp', b'make_jvp', b'make_vjp'), {b'deriv': ('deriv', (0,), ('fun',), ('argnum',), True, False, False, ()), b'elementwise_grad': ('elementwise_grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'grad': ('grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'grad_and_aux': ('grad_and_aux', (0,), ('fun',), ('argnum',), True, False, False, ()), b'grad_named': ('grad_named', (0,), ('fun',), ('argname',), True, False, False, ()), b'hessian': ('hessian', (0,), ('fun',), ('argnum',), True, False, False, ()), b'hessian_tensor_product': ('hessian_tensor_product', (0,), ('fun',), ('argnum',), True, False, False, ()), b'hessian_vector_product': ('hessian_vector_product', (0,), ('fun',), ('argnum',), True, False, False, ()), b'holomorphic_grad': ('holomorphic_grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('fun',), ('argnum',), True, False, False, ()), b'make_ggnvp': ('make_ggnvp', (0,), ('f',), ('f_argnum',), True, False, False, ()), b'make_hvp': ('make_hvp', (0,), ('fun',), ('argnum',), True, False, False, ()), b'make_jvp': ('make_jvp', (0,), ('fun',), ('argnum',), True, False, False, ()), b'make_vjp': ('make_vjp', (0,), ('fun',), ('argnum',), True, False, False, ()), b'multigrad_dict': ('multigrad_dict', (0,), ('fun',), (), False, False, True, ()), b'tensor_jacobian_product': ('tensor_jacobian_product', (0,), ('fun',), ('argnum',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnum',), True, False, False, ()), b'vector_jacobian_product': ('vector_jacobian_product', (0,), ('fun',), ('argnum',), True, False, False, ())}),
        ((b'optimizers',), (b'adam', b'rmsprop', b'sgd'), {b'adam': ('adam', (0,), ('grad',), (), True, False, False, ()), b'rmsprop': ('rmsprop', (0,), ('grad',), (), True, False, False, ()), b'sgd': ('sgd', (0,), ('grad',), (), True, False, False, ())}),
        ((b'test_util',), (b'check_grads',), {b'check_grads': ('check_grads', (0,), ('fun',), ('argnum',), True, False, False, ())}),
    ),
    'ax': (
        ((), (b'optimize',), {b'optimize': ('optimize', (1,), ('evaluation_function',), (), True, False, False, ())}),
        ((b'managed_loop',), (b'optimize',), {b'optimize': ('optimize', (1,), ('evaluation_function',), (), True, False, False, ())}),
    ),
    'bayes_opt': (
        ((), (b'BayesianOptimization',), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('f',), (), False, False, False, ())}),
        ((b'bayesian_optimization',), (b'BayesianOptimization',), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('f',), (), False, False, False, ())}),
    ),
    'blackjax': (
        ((), (b'additive_step_random_walk', b'barker', b'hmc', b'mala', b'mclmc', b'nuts', b'rmh', b'window_adaptation'), {b'additive_step_random_walk': ('additive_step_random_walk', (0,), ('logdensity_fn',), (), True, False, False, ()), b'adjusted_mclmc': ('adjusted_mclmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'barker': ('barker', (0,), ('logdensity_fn',), (), True, False, False, ()), b'barker_proposal': ('barker_proposal', (0,), ('logdensity_fn',), (), True, False, False, ()), b'dynamic_hmc': ('dynamic_hmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'ghmc': ('ghmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'hmc': ('hmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'irmh': ('irmh', (0,), ('logdensity_fn',), (), True, False, False, ()), b'mala': ('mala', (0,), ('logdensity_fn',), (), True, False, False, ()), b'mclmc': ('mclmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'nuts': ('nuts', (0,), ('logdensity_fn',), (), True, False, False, ()), b'orbital_hmc': ('orbital_hmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'rmh': ('rmh', (0,), ('logdensity_fn',), (), True, False, False, ()), b'rmhmc': ('rmhmc', (0,), ('logdensity_fn',), (), True, False, False, ()), b'window_adaptation': ('window_adaptation', (1,), ('logdensity_fn',), (), True, False, False, ())}),
        ((b'window_adaptation',), (b'window_adaptation',), {b'window_adaptation': ('window_adaptation', (1,), ('logdensity_fn',), (), True, False, False, ())}),
    ),
    'chainer': (
        ((b'gradient_check',), (b'check_backward', b'numerical_grad'), {b'check_backward': ('check_backward', (0,), ('func',), (), False, False, True, ()), b'numerical_grad': ('numerical_grad', (0,), ('f',), (), True, False, False, ())}),
    ),
    'chex': (
        ((), (b'assert_numerical_grads',), {b'assert_numerical_grads': ('assert_numerical_grads', (0,), ('f',), (), False, False, True, ())}),
    ),
    'cma': (
        ((), (b'fmin',), {b'fmin': ('fmin', (0,), ('objective_function',), (), True, False, False, ()), b'fmin2': ('fmin2', (0,), ('objective_function',), (), True, False, False, ()), b'fmin_con2': ('fmin_con2', (0,), ('objective_function',), (), True, False, False, ()), b'fmin_lq_surr2': ('fmin_lq_surr2', (0,), ('objective_function',), (), True, False, False, ())}),
        ((b'CMAEvolutionStrategy',), (b'optimize',), {b'optimize': ('optimize', (0,), ('objective_fct',), (), True, False, False, ())}),
        ((b'evolution_strategy',), (b'fmin',), {b'fmin': ('fmin', (0,), ('objective_function',), (), True, False, False, ()), b'fmin2': ('fmin2', (0,), ('objective_function',), (), True, False, False, ())}),
    ),
    'cobyqa': (
        ((), (b'minimize',), {b'minimize': ('minimize', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
        ((b'main',), (b'minimize',), {b'minimize': ('minimize', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
    ),
    'cyipopt': (
        ((), (b'minimize_ipopt',), {b'minimize_ipopt': ('minimize_ipopt', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
        ((b'scipy_interface',), (b'minimize_ipopt',), {b'minimize_ipopt': ('minimize_ipopt', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
    ),
    'deap': (
        ((b'Toolbox',), (b'register',), {b'register': ('register', (1,), ('function',), (), True, False, False, ())}),
    ),
    'dfols': (
        ((), (b'solve',), {b'solve': ('solve', (0,), ('objfun',), (), True, False, False, ())}),
        ((b'solver',), (b'solve',), {b'solve': ('solve', (0,), ('objfun',), (), True, False, False, ())}),
    ),
    'dlib': (
        ((), (b'find_max_global', b'find_min_global'), {b'find_max_global': ('find_max_global', (0,), ('f',), (), False, False, True, ()), b'find_min_global': ('find_min_global', (0,), ('f',), (), False, False, True, ())}),
    ),
    'dynesty': (
        ((), (b'NestedSampler',), {b'DynamicNestedSampler': ('DynamicNestedSampler', (0,), ('loglikelihood',), (), True, False, False, ()), b'NestedSampler': ('NestedSampler', (0,), ('loglikelihood',), (), True, False, False, ())}),
        ((b'dynesty',), (b'NestedSampler',), {b'NestedSampler': ('NestedSampler', (0,), ('loglikelihood',), (), True, False, False, ())}),
    ),
    'emcee': (
        ((), (b'EnsembleSampler',), {b'EnsembleSampler': ('EnsembleSampler', (2,), ('log_prob_fn',), (), True, False, False, ())}),
        ((b'ensemble',), (b'EnsembleSampler',), {b'EnsembleSampler': ('EnsembleSampler', (2,), ('log_prob_fn',), (), True, False, False, ())}),
    ),
    'equinox': (
        ((), (b'filter_grad', b'filter_hessian', b'filter_jacfwd', b'filter_jacrev', b'filter_jvp', b'filter_value_and_grad', b'filter_vjp'), {b'filter_grad': ('filter_grad', (0,), ('fun',), (), True, False, False, ()), b'filter_hessian': ('filter_hessian', (0,), ('fun',), (), True, False, False, ()), b'filter_jacfwd': ('filter_jacfwd', (0,), ('fun',), (), True, False, False, ()), b'filter_jacrev': ('filter_jacrev', (0,), ('fun',), (), True, False, False, ()), b'filter_jvp': ('filter_jvp', (0,), ('fn',), (), False, False, True, ()), b'filter_value_and_grad': ('filter_value_and_grad', (0,), ('fun',), (), True, False, False, ()), b'filter_vjp': ('filter_vjp', (0,), ('fun',), (), False, False, True, ())}),
    ),
    'estimagic': (
        ((), (b'maximize', b'minimize'), {b'maximize': ('maximize', (0,), ('constraints', 'criterion', 'fun'), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('constraints', 'criterion', 'fun'), (), True, False, False, ())}),
    ),
    'flaml': (
        ((b'tune',), (b'run',), {b'run': ('run', (0,), ('evaluation_function',), (), True, False, False, ())}),
    ),
    'flax': (
        ((b'autodiff',), (b'grad', b'jvp', b'vjp'), {b'grad': ('grad', (0,), ('f',), ('argnums',), True, False, False, ()), b'jvp': ('jvp', (0,), ('f',), (), False, False, True, ()), b'value_and_grad': ('value_and_grad', (0,), ('f',), ('argnums',), True, False, False, ()), b'vjp': ('vjp', (0,), ('f',), (), False, False, True, ())}),
        ((b'linen',), (b'grad', b'jvp', b'vjp'), {b'grad': ('grad', (0,), ('fn',), (), False, False, False, ()), b'jvp': ('jvp', (0,), ('fn',), (), False, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fn',), (), False, False, False, ()), b'vjp': ('vjp', (0,), ('fn',), (), False, False, True, ())}),
        ((b'nnx',), (b'grad', b'jvp', b'vjp'), {b'grad': ('grad', (0,), ('f',), ('argnums',), True, False, False, ()), b'jvp': ('jvp', (0,), ('f',), (), False, False, True, ()), b'value_and_grad': ('value_and_grad', (0,), ('f',), ('argnums',), True, False, False, ()), b'vjp': ('vjp', (0,), ('f',), (), False, False, True, ())}),
        ((b'transforms',), (b'grad', b'jvp', b'vjp'), {b'grad': ('grad', (0,), ('fn',), (), False, False, False, ()), b'jvp': ('jvp', (0,), ('fn',), (), False, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fn',), (), False, False, False, ()), b'vjp': ('vjp', (0,), ('fn',), (), False, False, True, ())}),
    ),
    'functorch': (
        ((), (b'grad', b'hessian', b'jacfwd', b'jacrev', b'jvp', b'linearize', b'vjp'), {b'grad': ('grad', (0,), ('func',), ('argnums',), True, False, False, ()), b'grad_and_value': ('grad_and_value', (0,), ('func',), ('argnums',), True, False, False, ()), b'hessian': ('hessian', (0,), ('func',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('func',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('func',), ('argnums',), True, False, False, ()), b'jvp': ('jvp', (0,), ('func',), (), False, False, True, ()), b'linearize': ('linearize', (0,), ('func',), (), False, False, True, ()), b'vjp': ('vjp', (0,), ('func',), (), False, False, True, ())}),
    ),
    'geneticalgorithm': (
        ((), (b'geneticalgorithm',), {b'geneticalgorithm': ('geneticalgorithm', (0,), ('function',), (), True, False, False, ())}),
        ((b'geneticalgorithm',), (b'geneticalgorithm',), {b'geneticalgorithm': ('geneticalgorithm', (0,), ('function',), (), True, False, False, ())}),
    ),
    'gpflow': (
        ((b'Scipy',), (b'minimize',), {b'minimize': ('minimize', (0,), ('closure',), (), False, True, False, ())}),
    ),
    'gradient_free_optimizers': (
        ((b'BayesianOptimizer', b'CMAESOptimizer', b'DifferentialEvolutionOptimizer', b'DirectAlgorithm', b'DownhillSimplexOptimizer', b'EvolutionStrategyOptimizer', b'ForestOptimizer', b'GeneticAlgorithmOptimizer', b'GridSearchOptimizer', b'HillClimbingOptimizer', b'LipschitzOptimizer', b'Optimizer', b'ParallelTemperingOptimizer', b'ParticleSwarmOptimizer', b'PatternSearch', b'PowellsMethod', b'RandomAnnealingOptimizer', b'RandomRestartHillClimbingOptimizer', b'RandomSearchOptimizer', b'RepulsingHillClimbingOptimizer', b'SimulatedAnnealingOptimizer', b'SpiralOptimization', b'StochasticHillClimbingOptimizer', b'TreeStructuredParzenEstimators'), (b'search',), {b'search': ('search', (0,), ('objective_function',), (), True, False, False, ())}),
    ),
    'haiku': (
        ((), (b'grad',), {b'grad': ('grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnums',), True, False, False, ())}),
    ),
    'hyperopt': (
        ((), (b'fmin',), {b'fmin': ('fmin', (0,), ('fn',), (), True, False, False, ())}),
        ((b'fmin',), (b'fmin',), {b'fmin': ('fmin', (0,), ('fn',), (), True, False, False, ())}),
        ((b'spark',), (b'fmin',), {b'fmin': ('fmin', (0,), ('fn',), (), True, False, False, ())}),
    ),
    'iminuit': (
        ((), (b'Minuit', b'minimize'), {b'Minuit': ('Minuit', (0,), ('fcn',), (), False, False, False, ()), b'minimize': ('minimize', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
        ((b'cost',), (b'LeastSquares', b'UnbinnedNLL'), {b'LeastSquares': ('LeastSquares', (3,), ('model',), (), False, False, False, ()), b'UnbinnedNLL': ('UnbinnedNLL', (1,), ('pdf',), (), False, False, False, ())}),
        ((b'minimize',), (b'Minuit', b'minimize'), {b'Minuit': ('Minuit', (0,), ('fcn',), (), False, False, False, ()), b'minimize': ('minimize', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
        ((b'minuit',), (b'Minuit',), {b'Minuit': ('Minuit', (0,), ('fcn',), (), False, False, False, ())}),
    ),
    'jacobi': (
        ((), (b'jacobi', b'propagate'), {b'jacobi': ('jacobi', (0,), ('fn',), (), True, False, False, ()), b'propagate': ('propagate', (0,), ('fn',), (), True, False, False, ())}),
    ),
    'jax': (
        ((), (b'fwd_and_bwd', b'grad', b'hessian', b'jacfwd', b'jacobian', b'jacrev', b'jvp', b'linear_transpose', b'linearize', b'vjp'), {b'fwd_and_bwd': ('fwd_and_bwd', (0,), ('fun',), ('argnums',), True, False, False, ()), b'grad': ('grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'hessian': ('hessian', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jvp': ('jvp', (0,), ('fun',), (), False, False, True, ()), b'linear_transpose': ('linear_transpose', (0,), ('fun',), (), False, False, True, ()), b'linearize': ('linearize', (0,), ('fun',), (), False, False, True, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'vjp': ('vjp', (0,), ('fun',), (), False, False, True, ())}),
        ((b'ad',), (b'grad', b'jacfwd', b'jacobian', b'jacrev'), {b'grad': ('grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('fun',), ('argnums',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnums',), True, False, False, ())}),
        ((b'api',), (b'fwd_and_bwd', b'grad', b'hessian', b'jacfwd', b'jacobian', b'jacrev', b'jvp', b'linear_transpose', b'linearize', b'vjp'), {b'fwd_and_bwd': ('fwd_and_bwd', (0,), ('fun',), ('argnums',), True, False, False, ()), b'grad': ('grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'hessian': ('hessian', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jvp': ('jvp', (0,), ('fun',), (), False, False, True, ()), b'linear_transpose': ('linear_transpose', (0,), ('fun',), (), False, False, True, ()), b'linearize': ('linearize', (0,), ('fun',), (), False, False, True, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'vjp': ('vjp', (0,), ('fun',), (), False, False, True, ())}),
        ((b'jet',), (b'jet',), {b'jet': ('jet', (0,), ('fun',), (), False, False, True, ())}),
        ((b'lax',), (b'custom_root',), {b'custom_root': ('custom_root', (0,), ('f',), (), True, False, False, ())}),
        ((b'optimize',), (b'minimize',), {b'minimize': ('minimize', (0,), ('fun',), (), True, False, False, ())}),
        ((b'public_test_util',), (b'check_grads', b'check_jvp', b'check_vjp'), {b'check_grads': ('check_grads', (0,), ('f',), (), False, False, True, ()), b'check_jvp': ('check_jvp', (0,), ('f',), (), False, False, True, ()), b'check_vjp': ('check_vjp', (0,), ('f',), (), False, False, True, ())}),
        ((b'sparse',), (b'grad', b'jacfwd', b'jacobian', b'jacrev'), {b'grad': ('grad', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('fun',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('fun',), ('argnums',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnums',), True, False, False, ())}),
        ((b'test_util',), (b'check_grads', b'check_jvp', b'check_vjp'), {b'check_grads': ('check_grads', (0,), ('f',), (), False, False, True, ()), b'check_jvp': ('check_jvp', (0,), ('f',), (), False, False, True, ()), b'check_vjp': ('check_vjp', (0,), ('f',), (), False, False, True, ())}),
    ),
    'jaxopt': (
        ((), (b'AndersonAcceleration', b'ArmijoSGD', b'BFGS', b'BacktrackingLineSearch', b'Bisection', b'Broyden', b'FixedPointIteration', b'GaussNewton', b'GradientDescent', b'HagerZhangLineSearch', b'LevenbergMarquardt', b'MirrorDescent', b'NonlinearCG', b'OptaxSolver', b'PolyakSGD', b'ProjectedGradient', b'ProximalGradient', b'ScipyBoundedLeastSquares', b'ScipyBoundedMinimize', b'ScipyLeastSquares', b'ScipyMinimize', b'ScipyRootFinding', b'ZoomLineSearch'), {b'AndersonAcceleration': ('AndersonAcceleration', (0,), ('fixed_point_fun',), (), True, False, False, ()), b'ArmijoSGD': ('ArmijoSGD', (0,), ('fun',), (), True, False, False, ()), b'BFGS': ('BFGS', (0,), ('fun',), (), True, False, False, ()), b'BacktrackingLineSearch': ('BacktrackingLineSearch', (0,), ('fun',), (), True, False, False, ()), b'Bisection': ('Bisection', (0,), ('optimality_fun',), (), True, False, False, ()), b'Broyden': ('Broyden', (0,), ('fun',), (), True, False, False, ()), b'FixedPointIteration': ('FixedPointIteration', (0,), ('fixed_point_fun',), (), True, False, False, ()), b'GaussNewton': ('GaussNewton', (0,), ('residual_fun',), (), True, False, False, ()), b'GradientDescent': ('GradientDescent', (0,), ('fun',), (), True, False, False, ()), b'HagerZhangLineSearch': ('HagerZhangLineSearch', (0,), ('fun',), (), True, False, False, ()), b'LBFGS': ('LBFGS', (0,), ('fun',), (), True, False, False, ()), b'LBFGSB': ('LBFGSB', (0,), ('fun',), (), True, False, False, ()), b'LevenbergMarquardt': ('LevenbergMarquardt', (0,), ('residual_fun',), (), True, False, False, ()), b'MirrorDescent': ('MirrorDescent', (0,), ('fun',), (), True, False, False, ()), b'NonlinearCG': ('NonlinearCG', (0,), ('fun',), (), True, False, False, ()), b'OptaxSolver': ('OptaxSolver', (0,), ('fun',), (), True, False, False, ()), b'PolyakSGD': ('PolyakSGD', (0,), ('fun',), (), True, False, False, ()), b'ProjectedGradient': ('ProjectedGradient', (0,), ('fun',), (), True, False, False, ()), b'ProximalGradient': ('ProximalGradient', (0,), ('fun',), (), True, False, False, ()), b'ScipyBoundedLeastSquares': ('ScipyBoundedLeastSquares', (-1,), ('fun',), (), True, False, False, ()), b'ScipyBoundedMinimize': ('ScipyBoundedMinimize', (-1,), ('fun',), (), True, False, False, ()), b'ScipyLeastSquares': ('ScipyLeastSquares', (-1,), ('fun',), (), True, False, False, ()), b'ScipyMinimize': ('ScipyMinimize', (-1,), ('fun',), (), True, False, False, ()), b'ScipyRootFinding': ('ScipyRootFinding', (-1,), ('optimality_fun',), (), True, False, False, ()), b'ZoomLineSearch': ('ZoomLineSearch', (0,), ('fun',), (), True, False, False, ())}),
        ((b'implicit_diff',), (b'custom_root',), {b'custom_root': ('custom_root', (0,), ('optimality_fun',), (), True, False, False, ())}),
    ),
    'keras': (
        ((), (b'Loss',), {b'Loss': ('Loss', (-1,), (), (), False, False, False, ('call',))}),
        ((b'Model', b'loss'), (b'compile',), {b'compile': ('compile', (1,), ('loss',), (), False, False, False, ())}),
        ((b'Sequential', b'loss'), (b'compile',), {b'compile': ('compile', (1,), ('loss',), (), False, False, False, ())}),
        ((b'losses',), (b'Loss',), {b'Loss': ('Loss', (-1,), (), (), False, False, False, ('call',))}),
    ),
    'keras_tuner': (
        ((), (b'BayesianOptimization', b'GridSearch', b'HyperModel', b'Hyperband', b'RandomSearch'), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('hypermodel',), (), True, False, False, ()), b'GridSearch': ('GridSearch', (0,), ('hypermodel',), (), True, False, False, ()), b'HyperModel': ('HyperModel', (-1,), (), (), True, False, False, ('build', 'fit')), b'Hyperband': ('Hyperband', (0,), ('hypermodel',), (), True, False, False, ()), b'RandomSearch': ('RandomSearch', (0,), ('hypermodel',), (), True, False, False, ())}),
        ((b'hypermodel',), (b'HyperModel',), {b'HyperModel': ('HyperModel', (-1,), (), (), True, False, False, ('build', 'fit'))}),
        ((b'tuners',), (b'BayesianOptimization', b'GridSearch', b'Hyperband', b'RandomSearch'), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('hypermodel',), (), True, False, False, ()), b'GridSearch': ('GridSearch', (0,), ('hypermodel',), (), True, False, False, ()), b'Hyperband': ('Hyperband', (0,), ('hypermodel',), (), True, False, False, ()), b'RandomSearch': ('RandomSearch', (0,), ('hypermodel',), (), True, False, False, ())}),
    ),
    'kerastuner': (
        ((), (b'BayesianOptimization', b'GridSearch', b'HyperModel', b'Hyperband', b'RandomSearch'), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('hypermodel',), (), True, False, False, ()), b'GridSearch': ('GridSearch', (0,), ('hypermodel',), (), True, False, False, ()), b'HyperModel': ('HyperModel', (-1,), (), (), True, False, False, ('build', 'fit')), b'Hyperband': ('Hyperband', (0,), ('hypermodel',), (), True, False, False, ()), b'RandomSearch': ('RandomSearch', (0,), ('hypermodel',), (), True, False, False, ())}),
        ((b'tuners',), (b'BayesianOptimization', b'GridSearch', b'Hyperband', b'RandomSearch'), {b'BayesianOptimization': ('BayesianOptimization', (0,), ('hypermodel',), (), True, False, False, ()), b'GridSearch': ('GridSearch', (0,), ('hypermodel',), (), True, False, False, ()), b'Hyperband': ('Hyperband', (0,), ('hypermodel',), (), True, False, False, ()), b'RandomSearch': ('RandomSearch', (0,), ('hypermodel',), (), True, False, False, ())}),
    ),
    'lightgbm': (
        ((), (b'LGBMClassifier', b'LGBMModel', b'LGBMRanker', b'LGBMRegressor', b'cv', b'train'), {b'LGBMClassifier': ('LGBMClassifier', (-1,), ('objective',), (), False, False, False, ()), b'LGBMModel': ('LGBMModel', (-1,), ('objective',), (), False, False, False, ()), b'LGBMRanker': ('LGBMRanker', (-1,), ('objective',), (), False, False, False, ()), b'LGBMRegressor': ('LGBMRegressor', (-1,), ('objective',), (), False, False, False, ()), b'cv': ('cv', (0,), ('fobj', 'params'), (), True, False, False, ()), b'train': ('train', (0,), ('fobj', 'params'), (), True, False, False, ())}),
        ((b'engine',), (b'cv', b'train'), {b'cv': ('cv', (0,), ('fobj', 'params'), (), True, False, False, ()), b'train': ('train', (0,), ('fobj', 'params'), (), True, False, False, ())}),
        ((b'sklearn',), (b'LGBMClassifier', b'LGBMModel', b'LGBMRegressor'), {b'LGBMClassifier': ('LGBMClassifier', (-1,), ('objective',), (), False, False, False, ()), b'LGBMModel': ('LGBMModel', (-1,), ('objective',), (), False, False, False, ()), b'LGBMRegressor': ('LGBMRegressor', (-1,), ('objective',), (), False, False, False, ())}),
    ),
    'lmfit': (
        ((), (b'Minimizer', b'Model', b'minimize'), {b'Minimizer': ('Minimizer', (0,), ('userfcn',), (), True, False, False, ()), b'Model': ('Model', (0,), ('func',), ('independent_vars',), False, False, False, ()), b'minimize': ('minimize', (0,), ('fcn',), (), True, False, False, ())}),
        ((b'minimizer',), (b'Minimizer', b'minimize'), {b'Minimizer': ('Minimizer', (0,), ('userfcn',), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('fcn',), (), True, False, False, ())}),
        ((b'model',), (b'Minimizer', b'Model'), {b'Minimizer': ('Minimizer', (0,), ('userfcn',), (), True, False, False, ()), b'Model': ('Model', (0,), ('func',), ('independent_vars',), False, False, False, ())}),
        ((b'models',), (b'Model',), {b'Model': ('Model', (0,), ('func',), ('independent_vars',), False, False, False, ())}),
    ),
    'mealpy': (
        ((), (b'Problem',), {b'Problem': ('Problem', (-1,), (), (), True, False, False, ('obj_func',))}),
        ((b'Base', b'Dev', b'Improved', b'Optimizer', b'Original', b'Var'), (b'solve',), {b'solve': ('solve', (0,), ('problem',), (), True, False, False, ())}),
        ((b'problem',), (b'Problem',), {b'Problem': ('Problem', (-1,), (), (), True, False, False, ('obj_func',))}),
    ),
    'mindspore': (
        ((), (b'grad',), {b'grad': ('grad', (0,), ('fn',), ('grad_position',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fn',), ('grad_position',), True, False, False, ())}),
        ((b'ops',), (b'grad',), {b'grad': ('grad', (0,), ('fn',), ('grad_position',), True, False, False, ()), b'value_and_grad': ('value_and_grad', (0,), ('fn',), ('grad_position',), True, False, False, ())}),
    ),
    'mlx': (
        ((b'core',), (b'grad', b'jvp', b'vjp'), {b'grad': ('grad', (0,), ('fun',), ('argnames', 'argnums'), True, False, False, ()), b'jvp': ('jvp', (0,), ('fun',), (), False, False, True, ()), b'value_and_grad': ('value_and_grad', (0,), ('fun',), ('argnames', 'argnums'), True, False, False, ()), b'vjp': ('vjp', (0,), ('fun',), (), False, False, True, ())}),
        ((b'nn',), (b'value_and_grad',), {b'value_and_grad': ('value_and_grad', (1,), ('fn',), (), False, True, False, ())}),
        ((b'utils',), (b'value_and_grad',), {b'value_and_grad': ('value_and_grad', (1,), ('fn',), (), False, True, False, ())}),
    ),
    'mpmath': (
        ((), (b'diff', b'findroot', b'taylor'), {b'diff': ('diff', (0,), ('f',), (), True, False, False, ()), b'findroot': ('findroot', (0,), ('f',), (), False, False, True, ()), b'taylor': ('taylor', (0,), ('f',), (), True, False, False, ())}),
    ),
    'mystic': (
        ((b'solvers',), (b'diffev', b'fmin'), {b'diffev': ('diffev', (0,), ('cost',), (), True, False, False, ()), b'diffev2': ('diffev2', (0,), ('cost',), (), True, False, False, ()), b'fmin': ('fmin', (0,), ('cost',), (), True, False, False, ()), b'fmin_powell': ('fmin_powell', (0,), ('cost',), (), True, False, False, ())}),
    ),
    'nautilus': (
        ((), (b'Sampler',), {b'Sampler': ('Sampler', (1,), ('likelihood',), (), True, False, False, ())}),
        ((b'sampler',), (b'Sampler',), {b'Sampler': ('Sampler', (1,), ('likelihood',), (), True, False, False, ())}),
    ),
    'nestle': (
        ((), (b'sample',), {b'sample': ('sample', (0,), ('loglikelihood',), (), True, False, False, ())}),
    ),
    'nevergrad': (
        ((b'CMA', b'DE', b'NGOpt', b'NGOpt8', b'OnePlusOne', b'Optimizer', b'PSO', b'RandomSearch', b'TwoPointsDE', b'registry'), (b'minimize',), {b'minimize': ('minimize', (0,), ('objective_function',), (), False, False, True, ())}),
    ),
    'nlopt': (
        ((b'opt',), (b'set_max_objective', b'set_min_objective'), {b'set_max_objective': ('set_max_objective', (0,), (), (), True, False, False, ()), b'set_min_objective': ('set_min_objective', (0,), (), (), True, False, False, ())}),
    ),
    'noisyopt': (
        ((), (b'minimizeCompass', b'minimizeSPSA'), {b'minimizeCompass': ('minimizeCompass', (0,), ('func',), (), True, False, False, ()), b'minimizeSPSA': ('minimizeSPSA', (0,), ('func',), (), True, False, False, ())}),
        ((b'main',), (b'minimizeCompass', b'minimizeSPSA'), {b'minimizeCompass': ('minimizeCompass', (0,), ('func',), (), True, False, False, ()), b'minimizeSPSA': ('minimizeSPSA', (0,), ('func',), (), True, False, False, ())}),
    ),
    'numdifftools': (
        ((), (b'Derivative', b'Gradient', b'Hessdiag', b'Hessian', b'Jacobian', b'directionaldiff'), {b'Derivative': ('Derivative', (0,), ('fun',), (), True, False, False, ()), b'Gradient': ('Gradient', (0,), ('fun',), (), True, False, False, ()), b'Hessdiag': ('Hessdiag', (0,), ('f',), (), True, False, False, ()), b'Hessian': ('Hessian', (0,), ('f',), (), True, False, False, ()), b'Jacobian': ('Jacobian', (0,), ('fun',), (), True, False, False, ()), b'directionaldiff': ('directionaldiff', (0,), ('f',), (), True, False, False, ())}),
        ((b'core',), (b'Derivative', b'Gradient', b'Hessdiag', b'Hessian', b'Jacobian', b'directionaldiff'), {b'Derivative': ('Derivative', (0,), ('fun',), (), True, False, False, ()), b'Gradient': ('Gradient', (0,), ('fun',), (), True, False, False, ()), b'Hessdiag': ('Hessdiag', (0,), ('f',), (), True, False, False, ()), b'Hessian': ('Hessian', (0,), ('f',), (), True, False, False, ()), b'Jacobian': ('Jacobian', (0,), ('fun',), (), True, False, False, ()), b'directionaldiff': ('directionaldiff', (0,), ('f',), (), True, False, False, ())}),
        ((b'fornberg',), (b'derivative', b'taylor'), {b'derivative': ('derivative', (0,), ('fun',), (), True, False, False, ()), b'taylor': ('taylor', (0,), ('fun',), (), True, False, False, ())}),
        ((b'nd_algopy',), (b'Derivative', b'Gradient', b'Hessdiag', b'Hessian', b'Jacobian'), {b'Derivative': ('Derivative', (0,), ('fun',), (), True, False, False, ()), b'Gradient': ('Gradient', (0,), ('fun',), (), True, False, False, ()), b'Hessdiag': ('Hessdiag', (0,), ('f',), (), True, False, False, ()), b'Hessian': ('Hessian', (0,), ('f',), (), True, False, False, ()), b'Jacobian': ('Jacobian', (0,), ('fun',), (), True, False, False, ())}),
        ((b'nd_scipy',), (b'Gradient', b'Jacobian', b'approx_derivative'), {b'Gradient': ('Gradient', (0,), ('fun',), (), True, False, False, ()), b'Jacobian': ('Jacobian', (0,), ('fun',), (), True, False, False, ()), b'approx_derivative': ('approx_derivative', (0,), ('fun',), (), True, False, False, ())}),
        ((b'nd_statsmodels',), (b'Gradient', b'Hessian', b'Jacobian', b'approx_fprime', b'approx_hess'), {b'Gradient': ('Gradient', (0,), ('fun',), (), True, False, False, ()), b'Hessian': ('Hessian', (0,), ('fun',), (), True, False, False, ()), b'Jacobian': ('Jacobian', (0,), ('fun',), (), True, False, False, ()), b'approx_fprime': ('approx_fprime', (1,), ('f',), (), True, False, False, ()), b'approx_fprime_cs': ('approx_fprime_cs', (1,), ('f',), (), True, False, False, ()), b'approx_hess': ('approx_hess', (1,), ('f',), (), True, False, False, ()), b'approx_hess1': ('approx_hess1', (1,), ('f',), (), True, False, False, ()), b'approx_hess2': ('approx_hess2', (1,), ('f',), (), True, False, False, ()), b'approx_hess3': ('approx_hess3', (1,), ('f',), (), True, False, False, ()), b'approx_hess_cs': ('approx_hess_cs', (1,), ('f',), (), True, False, False, ())}),
    ),
    'numpyro': (
        ((b'barker',), (b'BarkerMH',), {b'BarkerMH': ('BarkerMH', (1,), ('potential_fn',), (), True, False, False, ())}),
        ((b'ensemble',), (b'AIES', b'ESS'), {b'AIES': ('AIES', (1,), ('potential_fn',), (), True, False, False, ()), b'ESS': ('ESS', (1,), ('potential_fn',), (), True, False, False, ())}),
        ((b'hmc',), (b'HMC', b'NUTS'), {b'HMC': ('HMC', (1,), ('potential_fn',), (), True, False, False, ()), b'NUTS': ('NUTS', (1,), ('potential_fn',), (), True, False, False, ())}),
        ((b'infer',), (b'AIES', b'BarkerMH', b'ESS', b'HMC', b'NUTS', b'SA'), {b'AIES': ('AIES', (1,), ('potential_fn',), (), True, False, False, ()), b'BarkerMH': ('BarkerMH', (1,), ('potential_fn',), (), True, False, False, ()), b'ESS': ('ESS', (1,), ('potential_fn',), (), True, False, False, ()), b'HMC': ('HMC', (1,), ('potential_fn',), (), True, False, False, ()), b'NUTS': ('NUTS', (1,), ('potential_fn',), (), True, False, False, ()), b'SA': ('SA', (1,), ('potential_fn',), (), True, False, False, ())}),
        ((b'sa',), (b'SA',), {b'SA': ('SA', (1,), ('potential_fn',), (), True, False, False, ())}),
    ),
    'optax': (
        ((), (b'value_and_grad_from_state',), {b'value_and_grad_from_state': ('value_and_grad_from_state', (0,), ('value_fn',), (), True, False, False, ())}),
        ((b'second_order',), (b'fisher_diag', b'hessian_diag', b'hvp'), {b'fisher_diag': ('fisher_diag', (0,), ('negative_log_likelihood',), (), True, False, False, ()), b'hessian_diag': ('hessian_diag', (0,), ('loss',), (), True, False, False, ()), b'hvp': ('hvp', (0,), ('loss',), (), True, False, False, ())}),
    ),
    'optimagic': (
        ((), (b'maximize', b'minimize'), {b'maximize': ('maximize', (0,), ('constraints', 'criterion', 'fun'), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('constraints', 'criterion', 'fun'), (), True, False, False, ())}),
        ((b'optimize',), (b'maximize', b'minimize'), {b'maximize': ('maximize', (0,), ('constraints', 'criterion', 'fun'), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('constraints', 'criterion', 'fun'), (), True, False, False, ())}),
    ),
    'optimistix': (
        ((), (b'fixed_point', b'least_squares', b'minimise', b'root_find'), {b'fixed_point': ('fixed_point', (0,), ('fn',), (), True, False, False, ()), b'least_squares': ('least_squares', (0,), ('fn',), (), True, False, False, ()), b'minimise': ('minimise', (0,), ('fn',), (), True, False, False, ()), b'root_find': ('root_find', (0,), ('fn',), (), True, False, False, ())}),
        ((b'compat',), (b'minimize',), {b'minimize': ('minimize', (0,), ('fun',), (), True, False, False, ())}),
    ),
    'optuna': (
        ((b'Study', b'create_study', b'load_study', b'n_trials'), (b'optimize',), {b'optimize': ('optimize', (0,), ('func',), (), True, False, False, ())}),
        ((b'Study', b'n_trials'), (b'optimize',), {b'optimize': ('optimize', (0,), ('func',), (), True, False, False, ())}),
    ),
    'optunity': (
        ((), (b'maximize', b'minimize'), {b'maximize': ('maximize', (0,), ('f',), (), False, False, True, ()), b'minimize': ('minimize', (0,), ('f',), (), False, False, True, ())}),
        ((b'api',), (b'maximize', b'minimize'), {b'maximize': ('maximize', (0,), ('f',), (), False, False, True, ()), b'minimize': ('minimize', (0,), ('f',), (), False, False, True, ())}),
    ),
    'paddle': (
        ((b'autograd',), (b'jvp', b'vjp'), {b'jvp': ('jvp', (0,), ('func',), (), False, False, True, ()), b'vjp': ('vjp', (0,), ('func',), (), False, False, True, ())}),
        ((b'functional',), (b'minimize_bfgs', b'minimize_lbfgs'), {b'minimize_bfgs': ('minimize_bfgs', (0,), ('objective_func',), (), True, False, False, ()), b'minimize_lbfgs': ('minimize_lbfgs', (0,), ('objective_func',), (), True, False, False, ())}),
    ),
    'pdfo': (
        ((), (b'pdfo',), {b'pdfo': ('pdfo', (0,), ('constraints', 'fun'), (), True, False, False, ())}),
    ),
    'pennylane': (
        ((), (b'grad', b'jacobian', b'jvp', b'metric_tensor', b'vjp'), {b'grad': ('grad', (0,), ('func',), ('argnums',), False, False, True, ()), b'jacobian': ('jacobian', (0,), ('func',), ('argnums',), False, False, True, ()), b'jvp': ('jvp', (0,), ('f',), (), False, False, True, ()), b'metric_tensor': ('metric_tensor', (0,), ('tape',), (), False, False, True, ()), b'value_and_grad': ('value_and_grad', (0,), ('func',), ('argnums',), True, False, False, ()), b'vjp': ('vjp', (0,), ('f',), (), False, False, True, ())}),
        ((b'AdagradOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'AdamOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'GradientDescentOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'MomentumOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'NesterovMomentumOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'QNGOptimizer',), (b'step',), {b'step': ('step', (0,), ('qnode',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('qnode',), (), False, False, True, ())}),
        ((b'RMSPropOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'RotosolveOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'SPSAOptimizer',), (b'step',), {b'step': ('step', (0,), ('objective_fn',), (), False, False, True, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn',), (), False, False, True, ())}),
        ((b'classical_jacobian',), (b'jacobian',), {b'jacobian': ('jacobian', (0,), ('func',), ('argnums',), False, False, True, ())}),
        ((b'finite_difference',), (b'finite_diff',), {b'finite_diff': ('finite_diff', (0,), ('tape',), ('argnum',), False, False, True, ())}),
        ((b'fisher',), (b'jacobian', b'metric_tensor'), {b'jacobian': ('jacobian', (0,), ('func',), ('argnums',), False, False, True, ()), b'metric_tensor': ('metric_tensor', (0,), ('tape',), (), False, False, True, ())}),
        ((b'gradients',), (b'finite_diff', b'hadamard_grad', b'metric_tensor', b'param_shift', b'spsa_grad'), {b'finite_diff': ('finite_diff', (0,), ('tape',), ('argnum',), False, False, True, ()), b'hadamard_grad': ('hadamard_grad', (0,), ('tape',), ('argnum',), False, False, True, ()), b'metric_tensor': ('metric_tensor', (0,), ('tape',), (), False, False, True, ()), b'param_shift': ('param_shift', (0,), ('tape',), ('argnum',), False, False, True, ()), b'spsa_grad': ('spsa_grad', (0,), ('tape',), ('argnum',), False, False, True, ())}),
        ((b'hadamard_gradient',), (b'hadamard_grad',), {b'hadamard_grad': ('hadamard_grad', (0,), ('tape',), ('argnum',), False, False, True, ())}),
        ((b'metric_tensor',), (b'metric_tensor',), {b'metric_tensor': ('metric_tensor', (0,), ('tape',), (), False, False, True, ())}),
        ((b'parameter_shift',), (b'finite_diff', b'param_shift'), {b'finite_diff': ('finite_diff', (0,), ('tape',), ('argnum',), False, False, True, ()), b'param_shift': ('param_shift', (0,), ('tape',), ('argnum',), False, False, True, ())}),
        ((b'parameter_shift_cv',), (b'finite_diff',), {b'finite_diff': ('finite_diff', (0,), ('tape',), ('argnum',), False, False, True, ())}),
        ((b'spsa_gradient',), (b'spsa_grad',), {b'spsa_grad': ('spsa_grad', (0,), ('tape',), ('argnum',), False, False, True, ())}),
    ),
    'platypus': (
        ((), (b'Problem',), {b'Problem': ('Problem', (3,), ('function',), (), True, False, False, ())}),
        ((b'Problem',), (b'function',), {b'function': ('function', (-1,), (), (), True, False, False, ())}),
        ((b'core',), (b'Problem',), {b'Problem': ('Problem', (3,), ('function',), (), True, False, False, ())}),
    ),
    'pocomc': (
        ((), (b'Sampler',), {b'Sampler': ('Sampler', (1,), ('likelihood',), (), True, False, False, ())}),
        ((b'sampler',), (b'Sampler',), {b'Sampler': ('Sampler', (1,), ('likelihood',), (), True, False, False, ())}),
    ),
    'ptemcee': (
        ((), (b'Sampler',), {b'Sampler': ('Sampler', (2,), ('logl',), (), True, False, False, ())}),
        ((b'sampler',), (b'Sampler',), {b'Sampler': ('Sampler', (2,), ('logl',), (), True, False, False, ())}),
    ),
    'pybads': (
        ((), (b'BADS',), {b'BADS': ('BADS', (0,), ('fun',), (), True, False, False, ())}),
        ((b'bads',), (b'BADS',), {b'BADS': ('BADS', (0,), ('fun',), (), True, False, False, ())}),
    ),
    'pybobyqa': (
        ((), (b'solve',), {b'solve': ('solve', (0,), ('objfun',), (), True, False, False, ())}),
        ((b'solver',), (b'solve',), {b'solve': ('solve', (0,), ('objfun',), (), True, False, False, ())}),
    ),
    'pygad': (
        ((), (b'GA',), {b'GA': ('GA', (-1,), ('fitness_func',), (), False, False, True, ())}),
        ((b'pygad',), (b'GA',), {b'GA': ('GA', (-1,), ('fitness_func',), (), False, False, True, ())}),
    ),
    'pymanopt': (
        ((b'backends',), (b'autograd', b'jax'), {b'autograd': ('autograd', (0,), (), (), False, False, True, ()), b'jax': ('jax', (0,), (), (), False, False, True, ())}),
        ((b'function',), (b'autograd', b'jax', b'pytorch', b'tensorflow'), {b'autograd': ('autograd', (0,), (), (), False, False, True, ()), b'jax': ('jax', (0,), (), (), False, False, True, ()), b'pytorch': ('pytorch', (0,), (), (), False, False, True, ()), b'tensorflow': ('tensorflow', (0,), (), (), False, False, True, ())}),
    ),
    'pymoo': (
        ((b'problem',), (b'Problem',), {b'ElementwiseProblem': ('ElementwiseProblem', (-1,), (), (), True, False, False, ('_evaluate',)), b'Problem': ('Problem', (-1,), (), (), True, False, False, ('_evaluate',))}),
    ),
    'pymultinest': (
        ((), (b'run', b'solve'), {b'run': ('run', (0,), ('LogLikelihood',), (), True, False, False, ()), b'solve': ('solve', (0,), ('LogLikelihood',), (), True, False, False, ())}),
        ((b'run',), (b'run',), {b'run': ('run', (0,), ('LogLikelihood',), (), True, False, False, ())}),
        ((b'solve',), (b'solve',), {b'solve': ('solve', (0,), ('LogLikelihood',), (), True, False, False, ())}),
    ),
    'pyswarm': (
        ((), (b'pso',), {b'pso': ('pso', (0,), ('func',), (), True, False, False, ())}),
    ),
    'pyswarms': (
        ((b'GlobalBestPSO',), (b'optimize',), {b'optimize': ('optimize', (0,), ('objective_func',), (), True, False, False, ())}),
        ((b'LocalBestPSO',), (b'optimize',), {b'optimize': ('optimize', (0,), ('objective_func',), (), True, False, False, ())}),
    ),
    'pytensor': (
        ((b'gradient',), (b'numeric_grad', b'verify_grad'), {b'numeric_grad': ('numeric_grad', (0,), ('f',), (), True, False, False, ()), b'verify_grad': ('verify_grad', (0,), ('fun',), (), False, False, True, ())}),
    ),
    'pyvbmc': (
        ((), (b'VBMC',), {b'VBMC': ('VBMC', (0,), ('log_density',), (), True, False, False, ())}),
        ((b'vbmc',), (b'VBMC',), {b'VBMC': ('VBMC', (0,), ('log_density',), (), True, False, False, ())}),
    ),
    'qiskit_algorithms': (
        ((b'ADAM', b'AQGD', b'CG', b'COBYLA', b'GSLS', b'GradientDescent', b'L_BFGS_B', b'NELDER_MEAD', b'NFT', b'Optimizer', b'POWELL', b'P_BFGS', b'SLSQP', b'SPSA', b'TNC', b'UMDA'), (b'minimize',), {b'minimize': ('minimize', (0,), ('fun',), (), True, False, False, ())}),
    ),
    'ray': (
        ((b'tune',), (b'Tuner', b'run'), {b'Tuner': ('Tuner', (0,), ('trainable',), (), True, False, False, ()), b'run': ('run', (0,), ('trainable',), (), True, False, False, ())}),
        ((b'tuner',), (b'Tuner',), {b'Tuner': ('Tuner', (0,), ('trainable',), (), True, False, False, ())}),
    ),
    'scipy': (
        ((b'cobyla',), (b'fmin_cobyla',), {b'fmin_cobyla': ('fmin_cobyla', (0,), ('cons', 'func'), (), True, False, False, ())}),
        ((b'differentiate',), (b'derivative', b'hessian', b'jacobian'), {b'derivative': ('derivative', (0,), ('f',), (), True, False, False, ()), b'hessian': ('hessian', (0,), ('f',), (), True, False, False, ()), b'jacobian': ('jacobian', (0,), ('f',), (), True, False, False, ())}),
        ((b'elementwise',), (b'bracket_minimum', b'bracket_root', b'find_minimum', b'find_root'), {b'bracket_minimum': ('bracket_minimum', (0,), ('f',), (), True, False, False, ()), b'bracket_root': ('bracket_root', (0,), ('f',), (), True, False, False, ()), b'find_minimum': ('find_minimum', (0,), ('f',), (), True, False, False, ()), b'find_root': ('find_root', (0,), ('f',), (), True, False, False, ())}),
        ((b'lbfgsb',), (b'fmin_l_bfgs_b',), {b'fmin_l_bfgs_b': ('fmin_l_bfgs_b', (0,), ('func',), (), True, False, False, ())}),
        ((b'minpack',), (b'curve_fit', b'fsolve', b'leastsq'), {b'curve_fit': ('curve_fit', (0,), ('f',), (), False, False, False, ()), b'fsolve': ('fsolve', (0,), ('func',), (), True, False, False, ()), b'leastsq': ('leastsq', (0,), ('func',), (), True, False, False, ())}),
        ((b'misc',), (b'derivative',), {b'derivative': ('derivative', (0,), ('func',), (), True, False, False, ())}),
        ((b'nonlin',), (b'anderson', b'broyden1', b'broyden2', b'diagbroyden', b'excitingmixing', b'linearmixing', b'newton_krylov'), {b'anderson': ('anderson', (0,), ('F',), (), True, False, False, ()), b'broyden1': ('broyden1', (0,), ('F',), (), True, False, False, ()), b'broyden2': ('broyden2', (0,), ('F',), (), True, False, False, ()), b'diagbroyden': ('diagbroyden', (0,), ('F',), (), True, False, False, ()), b'excitingmixing': ('excitingmixing', (0,), ('F',), (), True, False, False, ()), b'linearmixing': ('linearmixing', (0,), ('F',), (), True, False, False, ()), b'newton_krylov': ('newton_krylov', (0,), ('F',), (), True, False, False, ())}),
        ((b'odr',), (b'Model',), {b'Model': ('Model', (0,), ('fcn',), (), True, False, False, ())}),
        ((b'odrpack',), (b'Model',), {b'Model': ('Model', (0,), ('fcn',), (), True, False, False, ())}),
        ((b'optimize',), (b'NonlinearConstraint', b'anderson', b'approx_derivative', b'approx_fprime', b'basinhopping', b'bisect', b'bracket', b'brent', b'broyden1', b'broyden2', b'brute', b'check_grad', b'curve_fit', b'diagbroyden', b'differential_evolution', b'direct', b'dual_annealing', b'excitingmixing', b'fixed_point', b'fmin', b'fsolve', b'golden', b'least_squares', b'leastsq', b'line_search', b'linearmixing', b'minimize', b'newton', b'ridder', b'root', b'shgo', b'toms748'), {b'NonlinearConstraint': ('NonlinearConstraint', (0,), ('fun',), (), True, False, False, ()), b'anderson': ('anderson', (0,), ('F',), (), True, False, False, ()), b'approx_derivative': ('approx_derivative', (0,), ('fun',), (), True, False, False, ()), b'approx_fprime': ('approx_fprime', (1,), ('f',), (), True, False, False, ()), b'basinhopping': ('basinhopping', (0,), ('func',), (), True, False, False, ()), b'bisect': ('bisect', (0,), ('f',), (), True, False, False, ()), b'bracket': ('bracket', (0,), ('func',), (), True, False, False, ()), b'brent': ('brent', (0,), ('func',), (), True, False, False, ()), b'brenth': ('brenth', (0,), ('f',), (), True, False, False, ()), b'brentq': ('brentq', (0,), ('f',), (), True, False, False, ()), b'broyden1': ('broyden1', (0,), ('F',), (), True, False, False, ()), b'broyden2': ('broyden2', (0,), ('F',), (), True, False, False, ()), b'brute': ('brute', (0,), ('func',), (), True, False, False, ()), b'check_grad': ('check_grad', (0,), ('func',), (), True, False, False, ()), b'curve_fit': ('curve_fit', (0,), ('f',), (), False, False, False, ()), b'diagbroyden': ('diagbroyden', (0,), ('F',), (), True, False, False, ()), b'differential_evolution': ('differential_evolution', (0,), ('constraints', 'func'), (), True, False, False, ()), b'direct': ('direct', (0,), ('func',), (), True, False, False, ()), b'dual_annealing': ('dual_annealing', (0,), ('func',), (), True, False, False, ()), b'excitingmixing': ('excitingmixing', (0,), ('F',), (), True, False, False, ()), b'fixed_point': ('fixed_point', (0,), ('func',), (), True, False, False, ()), b'fmin': ('fmin', (0,), ('func',), (), True, False, False, ()), b'fmin_bfgs': ('fmin_bfgs', (0,), ('f',), (), True, False, False, ()), b'fmin_cg': ('fmin_cg', (0,), ('f',), (), True, False, False, ()), b'fmin_cobyla': ('fmin_cobyla', (0,), ('cons', 'func'), (), True, False, False, ()), b'fmin_l_bfgs_b': ('fmin_l_bfgs_b', (0,), ('func',), (), True, False, False, ()), b'fmin_ncg': ('fmin_ncg', (0,), ('f',), (), True, False, False, ()), b'fmin_powell': ('fmin_powell', (0,), ('func',), (), True, False, False, ()), b'fmin_slsqp': ('fmin_slsqp', (0,), ('eqcons', 'f_eqcons', 'f_ieqcons', 'func', 'ieqcons'), (), True, False, False, ()), b'fmin_tnc': ('fmin_tnc', (0,), ('func',), (), True, False, False, ()), b'fminbound': ('fminbound', (0,), ('func',), (), True, False, False, ()), b'fsolve': ('fsolve', (0,), ('func',), (), True, False, False, ()), b'golden': ('golden', (0,), ('func',), (), True, False, False, ()), b'least_squares': ('least_squares', (0,), ('fun',), (), True, False, False, ()), b'leastsq': ('leastsq', (0,), ('func',), (), True, False, False, ()), b'line_search': ('line_search', (0,), ('f',), (), True, False, False, ()), b'linearmixing': ('linearmixing', (0,), ('F',), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('constraints', 'fun'), (), True, False, False, ()), b'minimize_scalar': ('minimize_scalar', (0,), ('fun',), (), True, False, False, ()), b'newton': ('newton', (0,), ('func',), (), True, False, False, ()), b'newton_krylov': ('newton_krylov', (0,), ('F',), (), True, False, False, ()), b'ridder': ('ridder', (0,), ('f',), (), True, False, False, ()), b'root': ('root', (0,), ('fun',), (), True, False, False, ()), b'root_scalar': ('root_scalar', (0,), ('f',), (), True, False, False, ()), b'shgo': ('shgo', (0,), ('constraints', 'func'), (), True, False, False, ()), b'toms748': ('toms748', (0,), ('f',), (), True, False, False, ())}),
        ((b'slsqp',), (b'fmin_slsqp',), {b'fmin_slsqp': ('fmin_slsqp', (0,), ('eqcons', 'f_eqcons', 'f_ieqcons', 'func', 'ieqcons'), (), True, False, False, ())}),
        ((b'tnc',), (b'fmin_tnc',), {b'fmin_tnc': ('fmin_tnc', (0,), ('func',), (), True, False, False, ())}),
        ((b'zeros',), (b'bisect', b'brenth', b'brentq', b'newton', b'ridder', b'toms748'), {b'bisect': ('bisect', (0,), ('f',), (), True, False, False, ()), b'brenth': ('brenth', (0,), ('f',), (), True, False, False, ()), b'brentq': ('brentq', (0,), ('f',), (), True, False, False, ()), b'newton': ('newton', (0,), ('func',), (), True, False, False, ()), b'ridder': ('ridder', (0,), ('f',), (), True, False, False, ()), b'toms748': ('toms748', (0,), ('f',), (), True, False, False, ())}),
    ),
    'sklearn': (
        ((b'metrics',), (b'make_scorer',), {b'make_scorer': ('make_scorer', (0,), ('score_func',), (), False, False, False, ())}),
        ((b'model_selection',), (b'GridSearchCV', b'HalvingRandomSearchCV', b'RandomizedSearchCV'), {b'GridSearchCV': ('GridSearchCV', (-1,), ('scoring',), (), True, False, False, ()), b'HalvingGridSearchCV': ('HalvingGridSearchCV', (-1,), ('scoring',), (), True, False, False, ()), b'HalvingRandomSearchCV': ('HalvingRandomSearchCV', (-1,), ('scoring',), (), True, False, False, ()), b'RandomizedSearchCV': ('RandomizedSearchCV', (-1,), ('scoring',), (), True, False, False, ())}),
    ),
    'sko': (
        ((b'DE',), (b'DE',), {b'DE': ('DE', (0,), ('func',), (), True, False, False, ())}),
        ((b'GA',), (b'GA',), {b'GA': ('GA', (0,), ('func',), (), True, False, False, ())}),
        ((b'PSO',), (b'PSO',), {b'PSO': ('PSO', (0,), ('func',), (), True, False, False, ())}),
        ((b'SA',), (b'SA',), {b'SA': ('SA', (0,), ('func',), (), True, False, False, ()), b'SAFast': ('SAFast', (0,), ('func',), (), True, False, False, ())}),
    ),
    'skopt': (
        ((), (b'dummy_minimize', b'forest_minimize', b'gbrt_minimize', b'gp_minimize'), {b'dummy_minimize': ('dummy_minimize', (0,), ('func',), (), True, False, False, ()), b'forest_minimize': ('forest_minimize', (0,), ('func',), (), True, False, False, ()), b'gbrt_minimize': ('gbrt_minimize', (0,), ('func',), (), True, False, False, ()), b'gp_minimize': ('gp_minimize', (0,), ('func',), (), True, False, False, ())}),
        ((b'dummy',), (b'dummy_minimize',), {b'dummy_minimize': ('dummy_minimize', (0,), ('func',), (), True, False, False, ())}),
        ((b'forest',), (b'forest_minimize',), {b'forest_minimize': ('forest_minimize', (0,), ('func',), (), True, False, False, ())}),
        ((b'gbrt',), (b'gbrt_minimize',), {b'gbrt_minimize': ('gbrt_minimize', (0,), ('func',), (), True, False, False, ())}),
        ((b'gp',), (b'gp_minimize',), {b'gp_minimize': ('gp_minimize', (0,), ('func',), (), True, False, False, ())}),
        ((b'optimizer',), (b'dummy_minimize', b'forest_minimize', b'gbrt_minimize', b'gp_minimize'), {b'dummy_minimize': ('dummy_minimize', (0,), ('func',), (), True, False, False, ()), b'forest_minimize': ('forest_minimize', (0,), ('func',), (), True, False, False, ()), b'gbrt_minimize': ('gbrt_minimize', (0,), ('func',), (), True, False, False, ()), b'gp_minimize': ('gp_minimize', (0,), ('func',), (), True, False, False, ())}),
    ),
    'smac': (
        ((), (b'AlgorithmConfigurationFacade', b'BlackBoxFacade', b'HyperbandFacade', b'HyperparameterOptimizationFacade', b'MultiFidelityFacade', b'RandomFacade'), {b'AlgorithmConfigurationFacade': ('AlgorithmConfigurationFacade', (1,), ('target_function',), (), True, False, False, ()), b'BlackBoxFacade': ('BlackBoxFacade', (1,), ('target_function',), (), True, False, False, ()), b'HyperbandFacade': ('HyperbandFacade', (1,), ('target_function',), (), True, False, False, ()), b'HyperparameterOptimizationFacade': ('HyperparameterOptimizationFacade', (1,), ('target_function',), (), True, False, False, ()), b'MultiFidelityFacade': ('MultiFidelityFacade', (1,), ('target_function',), (), True, False, False, ()), b'RandomFacade': ('RandomFacade', (1,), ('target_function',), (), True, False, False, ())}),
        ((b'facade',), (b'AlgorithmConfigurationFacade', b'BlackBoxFacade', b'HyperbandFacade', b'HyperparameterOptimizationFacade', b'MultiFidelityFacade', b'RandomFacade'), {b'AlgorithmConfigurationFacade': ('AlgorithmConfigurationFacade', (1,), ('target_function',), (), True, False, False, ()), b'BlackBoxFacade': ('BlackBoxFacade', (1,), ('target_function',), (), True, False, False, ()), b'HyperbandFacade': ('HyperbandFacade', (1,), ('target_function',), (), True, False, False, ()), b'HyperparameterOptimizationFacade': ('HyperparameterOptimizationFacade', (1,), ('target_function',), (), True, False, False, ()), b'MultiFidelityFacade': ('MultiFidelityFacade', (1,), ('target_function',), (), True, False, False, ()), b'RandomFacade': ('RandomFacade', (1,), ('target_function',), (), True, False, False, ())}),
    ),
    'statsmodels': (
        ((b'model',), (b'GenericLikelihoodModel',), {b'GenericLikelihoodModel': ('GenericLikelihoodModel', (-1,), (), (), True, False, False, ('loglike', 'loglikeobs', 'nloglikeobs'))}),
        ((b'numdiff',), (b'approx_fprime', b'approx_hess'), {b'approx_fprime': ('approx_fprime', (1,), ('f',), (), True, False, False, ()), b'approx_fprime_cs': ('approx_fprime_cs', (1,), ('f',), (), True, False, False, ()), b'approx_hess': ('approx_hess', (1,), ('f',), (), True, False, False, ()), b'approx_hess1': ('approx_hess1', (1,), ('f',), (), True, False, False, ()), b'approx_hess2': ('approx_hess2', (1,), ('f',), (), True, False, False, ()), b'approx_hess3': ('approx_hess3', (1,), ('f',), (), True, False, False, ()), b'approx_hess_cs': ('approx_hess_cs', (1,), ('f',), (), True, False, False, ())}),
    ),
    'talos': (
        ((), (b'Scan',), {b'Scan': ('Scan', (3,), ('model',), (), False, False, False, ())}),
        ((b'Scan',), (b'Scan',), {b'Scan': ('Scan', (3,), ('model',), (), False, False, False, ())}),
    ),
    'tensorflow': (
        ((b'Adadelta', b'AdadeltaOptimizer', b'Adagrad', b'AdagradOptimizer', b'Adam', b'AdamOptimizer', b'AdamW', b'Adamax', b'Ftrl', b'FtrlOptimizer', b'GradientDescentOptimizer', b'MomentumOptimizer', b'Nadam', b'Optimizer', b'RMSPropOptimizer', b'RMSprop', b'SGD'), (b'minimize',), {b'minimize': ('minimize', (0,), ('loss',), (), False, True, False, ())}),
        ((b'Model', b'loss'), (b'compile',), {b'compile': ('compile', (1,), ('loss',), (), False, False, False, ())}),
        ((b'Sequential', b'loss'), (b'compile',), {b'compile': ('compile', (1,), ('loss',), (), False, False, False, ())}),
        ((b'gradient_checker_v2',), (b'compute_gradient',), {b'compute_gradient': ('compute_gradient', (0,), ('f',), (), False, False, True, ())}),
        ((b'keras',), (b'Loss',), {b'Loss': ('Loss', (-1,), (), (), False, False, False, ('call',))}),
        ((b'losses',), (b'Loss',), {b'Loss': ('Loss', (-1,), (), (), False, False, False, ('call',))}),
        ((b'test',), (b'compute_gradient',), {b'compute_gradient': ('compute_gradient', (0,), ('f',), (), False, False, True, ())}),
    ),
    'tensorflow_probability': (
        ((b'bfgs',), (b'minimize',), {b'minimize': ('minimize', (0,), ('value_and_gradients_function',), (), True, False, False, ())}),
        ((b'diag_jacobian',), (b'diag_jacobian', b'value_and_gradient'), {b'diag_jacobian': ('diag_jacobian', (-1,), ('fn',), (), False, False, True, ()), b'value_and_gradient': ('value_and_gradient', (0,), ('f',), (), False, False, True, ())}),
        ((b'differential_evolution',), (b'minimize',), {b'minimize': ('minimize', (0,), ('objective_function',), (), True, False, False, ())}),
        ((b'gradient',), (b'value_and_gradient',), {b'value_and_gradient': ('value_and_gradient', (0,), ('f',), (), False, False, True, ())}),
        ((b'hmc',), (b'HamiltonianMonteCarlo',), {b'HamiltonianMonteCarlo': ('HamiltonianMonteCarlo', (0,), ('target_log_prob_fn',), (), False, False, True, ())}),
        ((b'lbfgs',), (b'minimize',), {b'minimize': ('minimize', (0,), ('value_and_gradients_function',), (), True, False, False, ())}),
        ((b'math',), (b'diag_jacobian', b'find_root_chandrupatla', b'minimize', b'secant_root', b'value_and_gradient'), {b'diag_jacobian': ('diag_jacobian', (-1,), ('fn',), (), False, False, True, ()), b'find_root_chandrupatla': ('find_root_chandrupatla', (0,), ('objective_fn',), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('loss_fn',), (), False, True, False, ()), b'minimize_stateless': ('minimize_stateless', (0,), ('loss_fn',), (), True, False, False, ()), b'secant_root': ('secant_root', (0,), ('objective_fn',), (), True, False, False, ()), b'value_and_gradient': ('value_and_gradient', (0,), ('f',), (), False, False, True, ())}),
        ((b'mcmc',), (b'HamiltonianMonteCarlo', b'MetropolisAdjustedLangevinAlgorithm', b'NoUTurnSampler', b'RandomWalkMetropolis', b'SliceSampler'), {b'HamiltonianMonteCarlo': ('HamiltonianMonteCarlo', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'MetropolisAdjustedLangevinAlgorithm': ('MetropolisAdjustedLangevinAlgorithm', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'NoUTurnSampler': ('NoUTurnSampler', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'RandomWalkMetropolis': ('RandomWalkMetropolis', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'SliceSampler': ('SliceSampler', (0,), ('target_log_prob_fn',), (), False, False, True, ())}),
        ((b'minimize',), (b'minimize_stateless', b'value_and_gradient'), {b'minimize_stateless': ('minimize_stateless', (0,), ('loss_fn',), (), True, False, False, ()), b'value_and_gradient': ('value_and_gradient', (0,), ('f',), (), False, False, True, ())}),
        ((b'nelder_mead',), (b'minimize',), {b'minimize': ('minimize', (0,), ('objective_function',), (), True, False, False, ())}),
        ((b'nuts',), (b'NoUTurnSampler',), {b'NoUTurnSampler': ('NoUTurnSampler', (0,), ('target_log_prob_fn',), (), False, False, True, ())}),
        ((b'optimizer',), (b'bfgs_minimize', b'differential_evolution_minimize', b'nelder_mead_minimize'), {b'bfgs_minimize': ('bfgs_minimize', (0,), ('value_and_gradients_function',), (), True, False, False, ()), b'differential_evolution_minimize': ('differential_evolution_minimize', (0,), ('objective_function',), (), True, False, False, ()), b'lbfgs_minimize': ('lbfgs_minimize', (0,), ('value_and_gradients_function',), (), True, False, False, ()), b'nelder_mead_minimize': ('nelder_mead_minimize', (0,), ('objective_function',), (), True, False, False, ())}),
        ((b'random_walk_metropolis',), (b'RandomWalkMetropolis',), {b'RandomWalkMetropolis': ('RandomWalkMetropolis', (0,), ('target_log_prob_fn',), (), False, False, True, ())}),
        ((b'root_search',), (b'find_root_chandrupatla', b'secant_root'), {b'find_root_chandrupatla': ('find_root_chandrupatla', (0,), ('objective_fn',), (), True, False, False, ()), b'secant_root': ('secant_root', (0,), ('objective_fn',), (), True, False, False, ())}),
        ((b'slice_sampler_kernel',), (b'SliceSampler',), {b'SliceSampler': ('SliceSampler', (0,), ('target_log_prob_fn',), (), False, False, True, ())}),
    ),
    'tfp': (
        ((b'math',), (b'diag_jacobian', b'find_root_chandrupatla', b'find_root_secant', b'minimize', b'secant_root', b'value_and_gradient'), {b'diag_jacobian': ('diag_jacobian', (-1,), ('fn',), (), False, False, True, ()), b'find_root_chandrupatla': ('find_root_chandrupatla', (0,), ('objective_fn',), (), True, False, False, ()), b'find_root_secant': ('find_root_secant', (0,), ('objective_fn',), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('loss_fn',), (), False, True, False, ()), b'minimize_stateless': ('minimize_stateless', (0,), ('loss_fn',), (), True, False, False, ()), b'secant_root': ('secant_root', (0,), ('objective_fn',), (), True, False, False, ()), b'value_and_gradient': ('value_and_gradient', (0,), ('f',), (), False, False, True, ())}),
        ((b'mcmc',), (b'HamiltonianMonteCarlo', b'MetropolisAdjustedLangevinAlgorithm', b'NoUTurnSampler', b'RandomWalkMetropolis', b'SliceSampler'), {b'HamiltonianMonteCarlo': ('HamiltonianMonteCarlo', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'MetropolisAdjustedLangevinAlgorithm': ('MetropolisAdjustedLangevinAlgorithm', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'NoUTurnSampler': ('NoUTurnSampler', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'RandomWalkMetropolis': ('RandomWalkMetropolis', (0,), ('target_log_prob_fn',), (), False, False, True, ()), b'SliceSampler': ('SliceSampler', (0,), ('target_log_prob_fn',), (), False, False, True, ())}),
        ((b'optimizer',), (b'bfgs_minimize', b'differential_evolution_minimize', b'nelder_mead_minimize'), {b'bfgs_minimize': ('bfgs_minimize', (0,), ('value_and_gradients_function',), (), True, False, False, ()), b'differential_evolution_minimize': ('differential_evolution_minimize', (0,), ('objective_function',), (), True, False, False, ()), b'lbfgs_minimize': ('lbfgs_minimize', (0,), ('value_and_gradients_function',), (), True, False, False, ()), b'nelder_mead_minimize': ('nelder_mead_minimize', (0,), ('objective_function',), (), True, False, False, ())}),
    ),
    'theano': (
        ((b'gradient',), (b'verify_grad',), {b'verify_grad': ('verify_grad', (0,), ('fun',), (), False, False, True, ())}),
    ),
    'torch': (
        ((b'LBFGS',), (b'step',), {b'step': ('step', (0,), ('closure',), (), False, True, False, ())}),
        ((b'Optimizer',), (b'step',), {b'step': ('step', (0,), ('closure',), (), False, True, False, ())}),
        ((b'apis',), (b'grad', b'hessian', b'jacfwd', b'jacrev'), {b'grad': ('grad', (0,), ('func',), ('argnums',), True, False, False, ()), b'grad_and_value': ('grad_and_value', (0,), ('func',), ('argnums',), True, False, False, ()), b'hessian': ('hessian', (0,), ('func',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('func',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('func',), ('argnums',), True, False, False, ())}),
        ((b'autograd',), (b'gradcheck',), {b'gradcheck': ('gradcheck', (0,), ('func',), (), False, False, True, ()), b'gradgradcheck': ('gradgradcheck', (0,), ('func',), (), False, False, True, ())}),
        ((b'func',), (b'grad', b'hessian', b'jacfwd', b'jacrev', b'jvp', b'linearize', b'vjp'), {b'grad': ('grad', (0,), ('func',), ('argnums',), True, False, False, ()), b'grad_and_value': ('grad_and_value', (0,), ('func',), ('argnums',), True, False, False, ()), b'hessian': ('hessian', (0,), ('func',), ('argnums',), True, False, False, ()), b'jacfwd': ('jacfwd', (0,), ('func',), ('argnums',), True, False, False, ()), b'jacrev': ('jacrev', (0,), ('func',), ('argnums',), True, False, False, ()), b'jvp': ('jvp', (0,), ('func',), (), False, False, True, ()), b'linearize': ('linearize', (0,), ('func',), (), False, False, True, ()), b'vjp': ('vjp', (0,), ('func',), (), False, False, True, ())}),
        ((b'functional',), (b'hessian', b'hvp', b'jacobian', b'jvp', b'vhp', b'vjp'), {b'hessian': ('hessian', (0,), ('func',), (), False, False, True, ()), b'hvp': ('hvp', (0,), ('func',), (), False, False, True, ()), b'jacobian': ('jacobian', (0,), ('func',), (), False, False, True, ()), b'jvp': ('jvp', (0,), ('func',), (), False, False, True, ()), b'vhp': ('vhp', (0,), ('func',), (), False, False, True, ()), b'vjp': ('vjp', (0,), ('func',), (), False, False, True, ())}),
        ((b'gradcheck',), (b'get_numerical_jacobian', b'gradcheck'), {b'get_numerical_jacobian': ('get_numerical_jacobian', (0,), ('fn',), (), True, False, False, ()), b'gradcheck': ('gradcheck', (0,), ('func',), (), False, False, True, ()), b'gradgradcheck': ('gradgradcheck', (0,), ('func',), (), False, False, True, ())}),
    ),
    'torchmin': (
        ((), (b'least_squares', b'minimize'), {b'least_squares': ('least_squares', (0,), ('fun',), (), True, False, False, ()), b'minimize': ('minimize', (0,), ('fun',), (), True, False, False, ())}),
        ((b'least_squares',), (b'least_squares',), {b'least_squares': ('least_squares', (0,), ('fun',), (), True, False, False, ())}),
        ((b'lstsq',), (b'least_squares',), {b'least_squares': ('least_squares', (0,), ('fun',), (), True, False, False, ())}),
        ((b'minimize',), (b'minimize',), {b'minimize': ('minimize', (0,), ('fun',), (), True, False, False, ())}),
    ),
    'ultranest': (
        ((), (b'NestedSampler',), {b'NestedSampler': ('NestedSampler', (1,), ('loglike',), (), True, False, False, ()), b'ReactiveNestedSampler': ('ReactiveNestedSampler', (1,), ('loglike',), (), True, False, False, ())}),
    ),
    'xgboost': (
        ((), (b'XGBClassifier', b'XGBModel', b'XGBRFClassifier', b'XGBRFRegressor', b'XGBRegressor', b'cv', b'train'), {b'XGBClassifier': ('XGBClassifier', (-1,), ('objective',), (), False, False, False, ()), b'XGBModel': ('XGBModel', (-1,), ('objective',), (), False, False, False, ()), b'XGBRFClassifier': ('XGBRFClassifier', (-1,), ('objective',), (), False, False, False, ()), b'XGBRFRegressor': ('XGBRFRegressor', (-1,), ('objective',), (), False, False, False, ()), b'XGBRegressor': ('XGBRegressor', (-1,), ('objective',), (), False, False, False, ()), b'cv': ('cv', (-1,), ('obj',), (), True, False, False, ()), b'train': ('train', (-1,), ('obj',), (), True, False, False, ())}),
        ((b'sklearn',), (b'XGBClassifier', b'XGBModel', b'XGBRegressor'), {b'XGBClassifier': ('XGBClassifier', (-1,), ('objective',), (), False, False, False, ()), b'XGBModel': ('XGBModel', (-1,), ('objective',), (), False, False, False, ()), b'XGBRegressor': ('XGBRegressor', (-1,), ('objective',), (), False, False, False, ())}),
        ((b'training',), (b'cv', b'train'), {b'cv': ('cv', (-1,), ('obj',), (), True, False, False, ()), b'train': ('train', (-1,), ('obj',), (), True, False, False, ())}),
    ),
    'zeus': (
        ((), (b'EnsembleSampler',), {b'EnsembleSampler': ('EnsembleSampler', (2,), ('logprob_fn',), (), True, False, False, ())}),
        ((b'ensemble',), (b'EnsembleSampler',), {b'EnsembleSampler': ('EnsembleSampler', (2,), ('logprob_fn',), (), True, False, False, ())}),
    ),
    'zoopt': (
        ((), (b'Objective',), {b'Objective': ('Objective', (0,), ('func',), (), True, False, False, ())}),
        ((b'objective',), (b'Objective',), {b'Objective': ('Objective', (0,), ('func',), (), True, False, False, ())}),
    ),
}

ALWAYS: dict[bytes, Entry] = {b'_numerical_gradient_1d': ('_numerical_gradient_1d', (0,), ('f', 'func'), (), True, False, False, ()), b'_numerical_gradient_no_batch': ('_numerical_gradient_no_batch', (0,), ('f', 'func'), (), True, False, False, ()), b'compute_numerical_gradient': ('compute_numerical_gradient', (0,), ('f', 'func'), (), True, False, False, ()), b'eval_numerical_gradient': ('eval_numerical_gradient', (0,), ('f', 'func'), (), True, False, False, ()), b'eval_numerical_gradient_array': ('eval_numerical_gradient_array', (0,), ('f', 'func'), (), True, False, False, ()), b'grad_check_sparse': ('grad_check_sparse', (0,), ('f', 'func'), (), True, False, False, ()), b'gradcheck_naive': ('gradcheck_naive', (0,), ('f', 'func'), (), True, False, False, ()), b'numerical_derivative': ('numerical_derivative', (0,), ('f', 'func'), (), True, False, False, ()), b'numerical_diff': ('numerical_diff', (0,), ('f', 'func'), (), True, False, False, ()), b'numerical_gradient': ('numerical_gradient', (0,), ('f', 'func'), (), True, False, False, ()), b'numerical_gradient_2d': ('numerical_gradient_2d', (0,), ('f', 'func'), (), True, False, False, ()), b'set_max_objective': ('set_max_objective', (0,), (), (), True, False, False, ()), b'set_min_objective': ('set_min_objective', (0,), (), (), True, False, False, ()), b'step_and_cost': ('step_and_cost', (0,), ('objective_fn', 'qnode'), (), False, False, True, ())}

CUTTING: frozenset[str] = frozenset(['Parameter', '_value', 'all', 'allclose', 'any', 'argmax', 'argmin', 'argpartition', 'argsort', 'argwhere', 'around', 'array_equal', 'bernoulli', 'bincount', 'bool', 'bucketize', 'byte', 'callable', 'categorical', 'ceil', 'complex', 'constant', 'convert_to_numpy', 'count_nonzero', 'data', 'detach', 'detach_', 'device', 'digitize', 'dim', 'dtype', 'empty_like', 'eq', 'equal', 'eval', 'eval_shape', 'fix', 'float', 'floor', 'floor_divide', 'floordiv', 'format', 'from_numpy', 'full_like', 'gather', 'ge', 'getval', 'greater', 'greater_equal', 'gt', 'hasattr', 'heaviside', 'histogram', 'id', 'index_select', 'inference_mode', 'int', 'int16', 'int32', 'int64', 'int8', 'int_shape', 'is_complex', 'is_finite', 'is_floating_point', 'is_nan', 'is_tensor', 'isclose', 'iscomplexobj', 'isfinite', 'isinf', 'isinstance', 'isnan', 'isrealobj', 'isscalar', 'issubclass', 'item', 'itemsize', 'le', 'len', 'less', 'less_equal', 'lexsort', 'logical_and', 'logical_not', 'logical_or', 'logical_xor', 'long', 'lt', 'matrix_rank', 'multinomial', 'nanargmax', 'nanargmin', 'nbytes', 'ndim', 'ndimension', 'ne', 'nelement', 'new_empty', 'new_full', 'new_ones', 'new_tensor', 'new_zeros', 'no_grad', 'nondifferentiable', 'nonzero', 'not_equal', 'numel', 'numpy', 'numpy_function', 'one_hot', 'ones_like', 'py_func', 'rand_like', 'randint_like', 'randn_like', 'range', 'rank', 'repr', 'result_type', 'rint', 'round', 'searchsorted', 'select', 'select_n', 'set_grad_enabled', 'shape', 'sharding', 'short', 'should_prune', 'sign', 'signbit', 'size', 'stop_gradient', 'str', 'structure', 'take', 'take_along_axis', 'take_along_dim', 'tensor', 'toarray', 'tolist', 'tree_ones_like', 'tree_structure', 'tree_zeros_like', 'trunc', 'type', 'typeof', 'unwrap', 'weak_type', 'where', 'zeros_like'])
"""Last names of operations after which nothing, or no gradient, is left of what they are given."""

CONVERTERS: frozenset[str] = frozenset(['astype', 'cast', 'convert_element_type', 'to', 'type'])
"""Last names of what converts numbers to the type that it is told."""

WHOLE_TYPES: frozenset[str] = frozenset(['bool', 'bool_', 'int', 'int16', 'int32', 'int64', 'int8', 'int_', 'long', 'short', 'uint16', 'uint32', 'uint64', 'uint8'])

CALLERS: frozenset[str] = frozenset(['associative_scan', 'fori_loop', 'map', 'map_with_path', 'scan', 'tree_map', 'tree_map_with_path', 'while_loop'])
"""Last names of functions that call the one that they are given on their other arguments."""

WRAPPERS: frozenset[str] = frozenset(['Partial', 'QNode', 'annotate_function', 'cache', 'checkpoint', 'chexify', 'compile', 'filter_checkpoint', 'filter_jit', 'filter_pmap', 'filter_vmap', 'function', 'functionalize', 'jit', 'lru_cache', 'microbatch', 'named_call', 'njit', 'partial', 'pjit', 'pmap', 'qjit', 'qnode', 'remat', 'script', 'shard_map', 'vectorize', 'vmap', 'with_parameters', 'with_resources'])
"""Last names of functions that return a function like the one that they are given."""
