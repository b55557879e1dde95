export { AuditQuota, DeniedEventQuota } from './audit-quota.ts'
export { RateLimiter } from './rate-limiter.ts'
