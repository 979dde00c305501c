import api from 'virtual:api-docs'
import type { ApiDoc } from './apiDoc.js'

export function findApiDoc(name: string): ApiDoc | undefined {
  return api.find((one) => one.name === name)
}
