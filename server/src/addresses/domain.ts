/** Whether a host is the domain or stands below it; both in lower case, without a dot at the end. */
export const isWithin = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`)
