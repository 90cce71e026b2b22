"""Keras models as estimators of scikit-learn, for its pipelines, searches and cross-validation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.models.clone import clone_model
from thalweg._src.keras.models.model import Model
from thalweg._src.keras.optimizers import deserialize, serialize


class _Estimator:
    """What the three wrappers share: parameters, cloning and fitting.

    Args:
        model: Compiled model, or a function ``(X, y, **model_kwargs)`` that makes one.
        warm_start: Go on with the fitted model instead of a fresh one at each `fit`.
        model_kwargs: Further arguments of the function, or None.
        fit_kwargs: Arguments of `Model.fit`, or None.
    """

    def __init__(
        self,
        model: Model | Callable[..., Model],
        warm_start: bool = False,
        model_kwargs: dict[str, Any] | None = None,
        fit_kwargs: dict[str, Any] | None = None,
    ) -> None:
        self.model = model
        self.warm_start = warm_start
        self.model_kwargs = model_kwargs
        self.fit_kwargs = fit_kwargs

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Constructor arguments, as scikit-learn asks for them.

        Args:
            deep: Has no further effect: the arguments are no estimators.
        """
        del deep
        return {
            "model": self.model,
            "warm_start": self.warm_start,
            "model_kwargs": self.model_kwargs,
            "fit_kwargs": self.fit_kwargs,
        }

    def set_params(self, **params: Any) -> Any:
        """Sets constructor arguments; unknown ones go to `model_kwargs`."""
        known = self.get_params()
        for name, value in params.items():
            if name in known:
                setattr(self, name, value)
            else:
                self.model_kwargs = (self.model_kwargs or {}) | {name: value}
        return self

    def set_fit_request(self, **kwargs: Any) -> Any:
        """Says which metadata `fit` wants from scikit-learn's routing.

        Args:
            **kwargs: Name to True, False, None or an alias.
        """
        self._fit_request = dict(kwargs)
        return self

    @property
    def epoch_(self) -> int:
        """Number of epochs that have run."""
        return len(self.history_["loss"])  # type: ignore[attr-defined]

    def _made(self, X: Any, y: Any) -> Model:
        """A fresh compiled model."""
        if not isinstance(self.model, Model):
            return self.model(X, y, **(self.model_kwargs or {}))
        clone: Model = clone_model(self.model)
        config = self.model._compile_arguments
        if not config:
            raise InvalidArgumentError(
                f"[{type(self).__name__}] expected a compiled model, got {self.model.name!r}; call "
                "compile()."
            )
        clone.compile(**(config | {"optimizer": deserialize(serialize(self.model.optimizer))}))
        return clone

    def _fitted(self, X: Any, y: Any, **kwargs: Any) -> Any:
        model = self.__dict__.get("model_") if self.warm_start else None
        if model is None:
            model = self._made(X, y)
            self.history_: dict[str, list[Any]] = {}
        found = model.fit(X, y, **({"verbose": 0} | (self.fit_kwargs or {}) | kwargs))
        self.model_ = model
        for name, values in found.history.items():
            self.history_.setdefault(name, []).extend(values)
        self.n_features_in_ = np.shape(X)[1]
        return self

    def _outputs(self, X: Any) -> Any:
        if not hasattr(self, "model_"):
            raise InvalidArgumentError(
                f"[{type(self).__name__}] expected a fitted estimator, got one that has not been fitted; "
                "call fit(X, y)."
            )
        return self.model_.predict(np.asarray(X), verbose=0)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def _tags(self, kind: str) -> Any:
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags, TransformerTags

        return Tags(
            estimator_type=None if kind == "transformer" else kind,
            target_tags=TargetTags(required=kind != "transformer"),
            transformer_tags=TransformerTags() if kind == "transformer" else None,
            classifier_tags=ClassifierTags() if kind == "classifier" else None,
            regressor_tags=RegressorTags() if kind == "regressor" else None,
        )


class SKLearnClassifier(_Estimator):
    """Keras model as a classifier of scikit-learn.

    Args:
        model: Compiled model with an output for each class, or a function ``(X, y, **model_kwargs)`` that
            makes one. Labels reach it one-hot encoded.
        warm_start: Go on with the fitted model instead of a fresh one at each `fit`.
        model_kwargs: Further arguments of the function, or None.
        fit_kwargs: Arguments of `Model.fit`, or None.

    Source: `keras.wrappers.SKLearnClassifier`.
    """

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Any:
        """Trains on samples of shape ``(samples, features)`` and labels of any kind."""
        labels = np.asarray(y)
        self.classes_ = np.unique(labels)
        one_hot = (labels[:, None] == self.classes_[None, :]).astype("float32")
        return self._fitted(np.asarray(X), one_hot, **kwargs)

    def decision_function(self, X: Any) -> Any:
        """Outputs of the model, one for each class."""
        return self._outputs(X)

    def predict_proba(self, X: Any) -> Any:
        """Outputs of the model, one for each class, which are probabilities where it ends in softmax."""
        return self._outputs(X)

    def predict(self, X: Any) -> Any:
        """Label of each sample."""
        return self.classes_[np.argmax(self._outputs(X), axis=-1)]

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Accuracy."""
        return float(np.average(self.predict(X) == np.asarray(y), weights=sample_weight))

    def __sklearn_tags__(self) -> Any:
        return self._tags("classifier")


class SKLearnRegressor(_Estimator):
    """Keras model as a regressor of scikit-learn.

    Args:
        model: Compiled model, or a function ``(X, y, **model_kwargs)`` that makes one.
        warm_start: Go on with the fitted model instead of a fresh one at each `fit`.
        model_kwargs: Further arguments of the function, or None.
        fit_kwargs: Arguments of `Model.fit`, or None.

    Source: `keras.wrappers.SKLearnRegressor`.
    """

    def fit(self, X: Any, y: Any, **kwargs: Any) -> Any:
        """Trains on samples of shape ``(samples, features)`` and their targets."""
        self._flat = np.ndim(y) == 1
        return self._fitted(np.asarray(X), np.asarray(y), **kwargs)

    def predict(self, X: Any) -> Any:
        """Prediction for each sample, in the shape of the targets."""
        outputs = self._outputs(X)
        return outputs.reshape(-1) if self._flat and outputs.shape[-1] == 1 else outputs

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """Coefficient of determination, 1 at best."""
        targets = np.asarray(y, np.float64)
        left = np.average((targets - self.predict(X)) ** 2, axis=0, weights=sample_weight)
        mean = np.average(targets, axis=0, weights=sample_weight)
        whole = np.average((targets - mean) ** 2, axis=0, weights=sample_weight)
        return float(np.mean(1.0 - left / whole))

    def __sklearn_tags__(self) -> Any:
        return self._tags("regressor")


class SKLearnTransformer(_Estimator):
    """Keras model as a transformer of scikit-learn: its outputs are the new features.

    Args:
        model: Compiled model, or a function ``(X, y, **model_kwargs)`` that makes one.
        warm_start: Go on with the fitted model instead of a fresh one at each `fit`.
        model_kwargs: Further arguments of the function, or None.
        fit_kwargs: Arguments of `Model.fit`, or None.

    Source: `keras.wrappers.SKLearnTransformer`.
    """

    def fit(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Trains on samples of shape ``(samples, features)``; on themselves as targets without `y`."""
        values = np.asarray(X)
        return self._fitted(values, values if y is None else np.asarray(y), **kwargs)

    def transform(self, X: Any) -> Any:
        """Outputs of the model."""
        return self._outputs(X)

    def fit_transform(self, X: Any, y: Any = None, **kwargs: Any) -> Any:
        """Trains, and gives the outputs for the same samples."""
        return self.fit(X, y, **kwargs).transform(X)

    def predict(self, X: Any) -> Any:
        """The same as `transform`."""
        return self._outputs(X)

    def __sklearn_tags__(self) -> Any:
        return self._tags("transformer")
