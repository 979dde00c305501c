/** The address of the chain's first state (`chain/genesis.ts`), made by `.storybook/liveGenesis.ts`. */
declare module 'virtual:live-genesis.json?url' {
  const genesisUrl: string
  export default genesisUrl
}
