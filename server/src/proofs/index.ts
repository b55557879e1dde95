export { assertMailOn, type MailRequest, mailProof, mayMail, mayMailTo } from './ask-for-mail.ts'
export { type FindProofDeps, findProof, type PresentedProof, uselessProof } from './find-proof.ts'
export { isLiveProof, type Proof, type ProofKind, proofKinds } from './proof.ts'
export { createProofSecrets, type ProofSecrets } from './proof-secrets.ts'
export { type NewProof, type ProofStore, sqlProofStore } from './proof-store.sql.ts'
export {
  aboutProof,
  CheckMailBody,
  checkMail,
  ProofBody,
  proofFields,
  TokenField,
  toEmail,
  tokenExample,
  toPresentedProof,
} from './schemas.ts'
