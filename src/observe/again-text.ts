type Part = string | number | undefined;

/** A piece of text that is likely to be wanted again, and what it was made of: up to four parts. */
export class AgainText {
  #first: Part;
  #second: Part;
  #third: Part;
  #fourth: Part;
  #text = '';
  #state: 'unknown' | 'in pieces' | 'in one piece' = 'unknown';

  /** Whether the text is of these parts. If not, it will be: `keep` has to follow. */
  isFor(first: Part, second: Part, third?: Part, fourth?: Part): boolean {
    const same = first === this.#first && second === this.#second && third === this.#third && fourth === this.#fourth;
    if (same && this.#state !== 'unknown') return true;
    this.#first = first;
    this.#second = second;
    this.#third = third;
    this.#fourth = fourth;
    return false;
  }

  keep(text: string): string {
    this.#text = text;
    this.#state = 'in pieces';
    return text;
  }

  /**
   * From the second time on in one piece: whoever writes a text that was put together has to gather it first, each time. It is JSON,
   * which has no half of a pair of surrogates in it, and so is the same after the way through bytes.
   */
  text(): string {
    if (this.#state === 'in pieces') {
      this.#text = Buffer.from(this.#text).toString();
      this.#state = 'in one piece';
    }
    return this.#text;
  }
}
