"""Models."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.models.clone import clone_model as clone_model
from thalweg._src.keras.models.model import Model as Model
from thalweg._src.keras.models.model import model_from_json as model_from_json
from thalweg._src.keras.models.saving import load_model as load_model
from thalweg._src.keras.models.saving import save_model as save_model
from thalweg._src.keras.models.sequential import Sequential as Sequential

_know_other_names(__name__)
