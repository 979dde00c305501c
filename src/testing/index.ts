export { createTestWrapper, type CreateTestWrapperParameters, type TestWrapper } from './createTestWrapper.js'
export { mockChain, type MockChain } from './mockChain.js'
export { mockWallet, type MockWallet, type MockWalletParameters } from './mockWallet.js'
