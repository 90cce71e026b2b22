"""The workloads that are trained, each in a file of its own."""

from benchmarks.case import Program
from benchmarks.workloads import convnet, linear, lstm, mlp, training, transformer, xception

MODULES = (linear, mlp, convnet, lstm, transformer, xception)
TRAINING = Program("train", tuple(training.case(module.WORKLOAD) for module in MODULES))
