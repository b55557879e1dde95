/** Thrown by a handler: the browser is led elsewhere (302, RFC 9110 section 15.4.3). Its route says when, in `redirects`. */
export class Redirect {
  /** An absolute address in ASCII. */
  readonly location: string

  constructor(location: string) {
    this.location = location
  }
}
