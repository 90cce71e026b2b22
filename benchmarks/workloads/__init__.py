"""The workloads: models that are trained or predict, each in a file of its own."""

from benchmarks.case import Program
from benchmarks.workloads import convnet, gpt2, linear, lstm, mlp, resnet50, transformer, xception
from benchmarks.workloads.inference import CASES
from benchmarks.workloads.training import case

WORKLOADS = tuple(
    module.WORKLOAD
    for module in (linear, mlp, convnet, lstm, transformer, xception, resnet50, gpt2)
)
TRAINING = Program("train", tuple(case(workload) for workload in WORKLOADS))
INFERENCE = Program("infer", CASES)
