/** An exchange that gave no usable answer; whoever called knows what it means. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
  constructor(
    readonly kind: 'timeout' | 'network' | 'too_large',
    message: string,
    /** True when no connection came about, so that Microsoft cannot have seen the request. */
    readonly neverSent = false,
  ) {
    super(message);
  }
}
