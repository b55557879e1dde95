/**
 * Gives what is called after each new entry of a map: it drops the oldest entry when there are more than `capacity`.
 *
 * In constant time, which `map.keys().next()` is not: it walks over the places of all that was dropped since the map
 * last changed its size, some thousands where the map holds ten thousand.
 */
export function pushingOut(map: Map<unknown, unknown>, capacity: number): () => void {
  let oldest: MapIterator<unknown> | undefined
  return () => {
    if (map.size <= capacity) {
      // An iterator keeps what its map has outgrown. While nothing is pushed out, there is none.
      if (map.size < capacity / 2) oldest = undefined
      return
    }
    oldest ??= map.keys()
    let next = oldest.next()
    if (next.done) {
      // It came to the end once, and an iterator that has ended begins no more.
      oldest = map.keys()
      next = oldest.next()
    }
    map.delete(next.value)
  }
}
