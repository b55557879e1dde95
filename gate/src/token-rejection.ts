/**
 * The reason why a token is rejected: for logs and counters. A caller is told «not valid» and nothing else, except that
 * `stale` says nothing about the token: the last sync of the gate is too old, so it cannot know (HTTP 503).
 */
export type TokenRejection =
  | 'too_large'
  | 'malformed'
  | 'wrong_header'
  | 'unknown_key'
  | 'wrong_algorithm'
  | 'wrong_signature'
  | 'wrong_claims'
  | 'wrong_issuer'
  | 'wrong_audience'
  | 'too_long_lived'
  | 'not_yet_valid'
  | 'expired'
  | 'ended'
  | 'stale'
