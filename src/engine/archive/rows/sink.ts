/** Takes the decoded bytes of one table or of anything else that is read to its end. Never throws. */
export interface Sink {
  push(part: Buffer): void;
  /** After the last byte: what is wrong with what came, as sentences without a place. */
  end(): string[];
}
