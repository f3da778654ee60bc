import relay from 'relay-runtime';

const { graphql } = relay;

/** What pages have; relay-compiler finds it and writes an artifact for each name. */
export const documents = () => [
  graphql`
    query catalogueListingQuery($count: Int!, $cursor: String, $sort: ProductSort) {
      ...catalogueListing_query @arguments(count: $count, cursor: $cursor, sort: $sort)
    }
  `,
  graphql`
    fragment catalogueListing_query on Query
    @refetchable(queryName: "catalogueListingPageQuery")
    @argumentDefinitions(count: { type: "Int!" }, cursor: { type: "String" }, sort: { type: "ProductSort" }) {
      products(first: $count, after: $cursor, sort: $sort)
        @connection(key: "catalogueListing_products", filters: ["sort"]) {
        edges {
          node { id title defaultVariant { id price { amount currency } stock { available } } }
        }
      }
    }
  `,
  graphql`
    query catalogueCartQuery($id: ID!) {
      cart(id: $id) { id totalQuantity }
    }
  `,
  graphql`
    mutation catalogueCreateCartMutation {
      cartCreate { cart { id totalQuantity } }
    }
  `,
  graphql`
    mutation catalogueAddLinesMutation($input: CartAddLinesInput!) {
      cartAddLines(input: $input) { cart { id totalQuantity } errors { code message field } }
    }
  `,
  graphql`
    query catalogueMeQuery {
      me @catch { id email }
      categories { id name }
    }
  `,
];
