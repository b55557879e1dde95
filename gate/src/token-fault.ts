/**
 * Why a token is refused: for logs and counters. A caller is told «not valid» and nothing else, except that
 * `stale` is not the token's fault: the gate has not heard from the ledger and cannot know (HTTP 503).
 */
export type TokenFault =
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
