"""A whole subgraph on the chassis, as small as one can be: a field, and no table of its own."""

from tests.integration.embedded.saved_tree import SavedTree

NAME = "reviews"
CONTRACT = """extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])

type Query {
  "How many reviews there are."
  reviewCount: Int
}
"""
MAIN = """from shared.runtime.service import main
from subgraphs.reviews.bootstrap import build

if __name__ == "__main__":
    main(build)
"""
BOOTSTRAP = """from ariadne import QueryType
from pydantic_settings import SettingsConfigDict

from shared.runtime.config import SubgraphSettings, load_settings
from shared.runtime.subgraph import Subgraph
from subgraphs.reviews.infrastructure import tables


class ReviewsSettings(SubgraphSettings):
    model_config = SettingsConfigDict(env_prefix="REVIEWS_")


async def seed(products: int) -> None:
    pass


def build() -> Subgraph:
    query = QueryType()
    query.set_field("reviewCount", lambda *_: 3)
    settings = load_settings(ReviewsSettings)
    return Subgraph("reviews", settings, tables, (query,), (), seed)
"""


def write_subgraph(tree: SavedTree, port: int, grpc_port: int) -> None:
    """Writes it as a template does: its entry in the manifest last."""
    folder = f"subgraphs/{NAME}"
    for file in ("__init__.py", "infrastructure/__init__.py", "infrastructure/migrations/__init__.py"):
        tree.save(f"{folder}/{file}", "")
    tree.save(f"{folder}/infrastructure/tables.py", '"""It has none."""\n')
    tree.save(f"{folder}/__main__.py", MAIN)
    tree.save(f"{folder}/bootstrap.py", BOOTSTRAP)
    tree.save(f"{folder}/subgraph.yaml", f"grpc_port: {grpc_port}\n")
    tree.save(f"schema/{NAME}.graphql", CONTRACT)
    tree.save(f"schema/events/{NAME}.yaml", f"channels: {{ review: {{ address: {NAME}.review.v1 }} }}\n")
    entry = f"    routing_url: http://127.0.0.1:{port}/graphql\n    schema:\n      file: ./schema/{NAME}.graphql\n"
    tree.save("supergraph.yaml", f"{tree.read('supergraph.yaml')}  {NAME}:\n{entry}")
