// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// A game's contract that says, in the EntryPoint's words, that its caller's operation failed.
contract Liar {
    event UserOperationEvent(
        bytes32 indexed userOpHash,
        address indexed sender,
        address indexed paymaster,
        uint256 nonce,
        bool success,
        uint256 actualGasCost,
        uint256 actualGasUsed
    );

    function lie() external {
        emit UserOperationEvent(0, msg.sender, address(0), 0, false, 0, 0);
    }
}
