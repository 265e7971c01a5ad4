/** What is common to models of operators that hold messages back. */
export abstract class HoldingModel<W extends { readonly message: { readonly id: number } }> {
  hasFailed = false;
  /** In the order of arrival. */
  protected waiting: W[] = [];

  get held(): number {
    return this.waiting.length;
  }

  protected discard(): string[] {
    const left = this.waiting.splice(0);
    return left.map(({ message }) => `discarded error #${String(message.id)} dropped`);
  }

  /** Lets a message go; with the policy `'error'` that ends the stream. */
  protected drop(what: string, policy: string, error: string): string[] {
    this.hasFailed = policy === 'error';
    return [`${what} dropped`, ...(this.hasFailed ? [...this.discard(), error] : [])];
  }
}
