// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import { ERC721 } from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// What the game is about. Anyone may mint, use and repair: limits are the session's business, not the contract's.
contract Sword is ERC721 {
    uint8 public constant wearOfOneUse = 20;

    uint256 public totalMinted;
    /// In percent of a new sword.
    mapping(uint256 id => uint8) private _wear;

    event Used(uint256 indexed id, uint8 durability);
    event Repaired(uint256 indexed id);

    error WornOut(uint256 id);

    constructor() ERC721("Sword", "SWORD") { }

    /// Ids count up from 1. No receiver check: a smart account need not know about ERC-721 to own a sword.
    function mint(address to) external returns (uint256 id) {
        id = ++totalMinted;
        _mint(to, id);
    }

    /// A fight wears it.
    function use(uint256 id) external {
        _requireOwned(id);
        if (_wear[id] >= 100) revert WornOut(id);
        _wear[id] += wearOfOneUse;
        emit Used(id, 100 - _wear[id]);
    }

    /// As good as new.
    function repair(uint256 id) external {
        _requireOwned(id);
        delete _wear[id];
        emit Repaired(id);
    }

    /// In percent, in the order of `ids`.
    function durabilityOf(uint256[] calldata ids) external view returns (uint8[] memory durability) {
        durability = new uint8[](ids.length);
        for (uint256 i; i < ids.length; ++i) durability[i] = 100 - _wear[ids[i]];
    }
}
