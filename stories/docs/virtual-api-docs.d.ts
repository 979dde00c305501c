declare module 'virtual:api-docs' {
  const api: readonly import('./apiDoc.js').ApiDoc[]
  export default api
}
