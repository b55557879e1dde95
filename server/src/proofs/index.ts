export { type FindProofDeps, findProof, type PresentedProof, uselessProof } from './find-proof.ts'
export { isLiveProof, type Proof, type ProofKind, proofKinds } from './proof.ts'
export { createProofSecrets, type ProofSecrets } from './proof-secrets.ts'
export { type NewProof, type ProofStore, sqlProofStore } from './proof-store.sql.ts'
