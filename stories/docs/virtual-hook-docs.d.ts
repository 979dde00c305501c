declare module 'virtual:hook-docs' {
  const hooks: readonly import('./hookDoc.js').HookDoc[]
  export default hooks
}
