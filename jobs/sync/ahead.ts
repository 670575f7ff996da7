/**
 * The same pages, of which the next one is read while somebody works on the one before: Microsoft's time and the database's
 * pass together. Two pages are in memory at most. A page that cannot be read is told when its turn comes.
 */
export async function* readAhead<Page>(pages: AsyncIterable<Page>): AsyncGenerator<Page, void, undefined> {
  const walk = pages[Symbol.asyncIterator]();
  const begin = () => {
    const read = walk.next();
    read.catch(() => undefined);
    return read;
  };
  let next = begin();
  try {
    for (;;) {
      const page = await next;
      if (page.done) return;
      next = begin();
      yield page.value;
    }
  } finally {
    walk.return?.().catch(() => undefined);
  }
}
