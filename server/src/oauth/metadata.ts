/** Beside Bearer, which is no method of a token endpoint (RFC 8414 section 2 allows it for introspection alone). */
const clientMethods = ['client_secret_basic', 'client_secret_post'] as const

/**
 * The metadata of RFC 8414 section 2. `issuer` is the `iss` of every token. There is no authorization and no token endpoint,
 * so no grant and no response type: both lists are written, since left out the first would mean the two of section 2.
 */
export const authorizationServerMetadata = (issuer: string, hasDocuments: boolean) => {
  const base = issuer.replace(/\/+$/, '')
  return {
    issuer,
    jwks_uri: `${base}/.well-known/jwks.json`,
    introspection_endpoint: `${base}/oauth/introspect`,
    introspection_endpoint_auth_methods_supported: [...clientMethods, 'Bearer'],
    revocation_endpoint: `${base}/oauth/revoke`,
    revocation_endpoint_auth_methods_supported: [...clientMethods],
    response_types_supported: [] as string[],
    grant_types_supported: [] as string[],
    ...(hasDocuments && { service_documentation: `${base}/redoc/` }),
  }
}
