// @vitest-environment happy-dom
import { expect, test } from 'vitest'
import { appTests } from './appTests.js'

appTests()

test('here the dialog is a modal one', () => {
  expect(HTMLDialogElement.prototype.showModal).toBeTypeOf('function')
})
