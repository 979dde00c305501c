/** Every word of the components that show and end sessions. They are part of `uiMessages`. */
export const sessionMessages = {
  // What is left of a limit
  callsLeft: ({ left, limit }: { left: string; limit: string }) => `${left} of ${limit} calls left`,
  amountLeft: ({ left, limit }: { left: string; limit: string }) => `${left} left of ${limit}`,
  amountLeftInPeriod: ({ left, limit, period }: { left: string; limit: string; period: string }) => `${left} left of ${limit} ${period}`,
  amountLeftOfStream: ({ left, most }: { left: string; most: string }) => `${left} available now, ${most} in all`,
  callsWithoutLimit: 'No limit on the number of calls',
  amountWithoutLimit: (token: string) => `No limit on the amount of ${token}`,
  notCounted: 'Nothing is counted here',
  permissionEnded: 'Ended on-chain: nothing is left',
  leftUnknown: 'What is left is not known',
  leftReading: 'Reading what is left…',
  resets: (moment: string) => `resets ${moment}`,
  noMoreResets: 'does not renew before the session ends',
  starts: (moment: string) => `starts ${moment}`,
  grows: (rate: string) => `grows by ${rate}`,
  asOf: (moment: string) => `as of ${moment}`,
  usageText: (parts: readonly string[]) => parts.join(', '),
}
