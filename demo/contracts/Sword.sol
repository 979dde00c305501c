// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// What the game is about. Anyone may mint: limits are the session's business, not the contract's.
contract Sword is ERC721 {
    uint256 public totalMinted;

    constructor() ERC721("Sword", "SWORD") { }

    /// Ids count up from 1. No receiver check: a smart account need not know about ERC-721 to own a sword.
    function mint(address to) external returns (uint256 id) {
        id = ++totalMinted;
        _mint(to, id);
    }
}
