/** Time left of work of equal steps: from the pace so far, told only once it means something. */
export function timeLeft(done: number, total: number, seconds: number): number | null {
  if (done < 1 || seconds < 0.3 || done / total < 0.02) return null;
  return (seconds / done) * (total - done);
}
