import { parseAbi } from 'viem'

// What the recipes leave to the reader.
export { swordAbi } from '../../../../demo/contracts/artifacts.js'
export { gold, sword } from '../game.js'
export const shop = '0x00000000000000000000000000000000000054f9'
export const usdc = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48'
export const weth = '0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2'
export const router = '0x0000000000000000000000000000000000004071'
export const routerAbi = parseAbi(['function swap(address from, address to, uint256 amountIn, uint256 minimumOut, address recipient)'])
