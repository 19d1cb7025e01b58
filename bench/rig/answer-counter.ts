const HEAD_END = '\r\n\r\n';
/** A head that is longer is not one of ours. */
const HEAD_BYTES_MAX = 16 * 1024;

/**
 * Counts the answers on a connection that has one request at a time. It knows a head with `Content-Length` and the body
 * after it, which is all that the measurements ask for. `take` throws at anything else.
 */
export class AnswerCounter {
  readonly #whole: (status: number) => void;
  #head = '';
  #status = 0;
  #bodyBytesLeft = 0;

  /** @param whole is told the status of every answer whose last byte has come */
  constructor(whole: (status: number) => void) {
    this.#whole = whole;
  }

  take(bytes: Buffer): void {
    if (this.#status === 0) this.#takeHead(bytes);
    else this.#takeBody(bytes.length);
  }

  #takeHead(bytes: Buffer): void {
    this.#head += bytes.toString('latin1');
    const end = this.#head.indexOf(HEAD_END);
    if (end === -1) {
      if (this.#head.length > HEAD_BYTES_MAX) throw new Error('an answer has a head without an end');
      return;
    }
    const head = this.#head.slice(0, end);
    const bodyBytes = this.#head.length - end - HEAD_END.length;
    this.#head = '';
    this.#status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
    this.#bodyBytesLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(this.#status + this.#bodyBytesLeft)) throw new Error(`an answer without a length:\n${head}`);
    this.#takeBody(bodyBytes);
  }

  #takeBody(bytes: number): void {
    this.#bodyBytesLeft -= bytes;
    if (this.#bodyBytesLeft < 0) throw new Error('more came than one answer');
    if (this.#bodyBytesLeft > 0) return;
    const status = this.#status;
    this.#status = 0;
    this.#whole(status);
  }
}
