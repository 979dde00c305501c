/**
 * How often a test that looks for what goes wrong by chance is to try: as often as it was asked to with `npm run stress`, and a tenth of
 * that each time with the others.
 */
export function repeats(whole: number): number {
  return process.env['STRESS'] === '1' ? whole : whole / 10
}
