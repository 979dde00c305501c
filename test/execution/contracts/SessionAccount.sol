// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import { IAccount } from "@account-abstraction/contracts/interfaces/IAccount.sol";
import { PackedUserOperation } from "@account-abstraction/contracts/interfaces/PackedUserOperation.sol";

struct Call {
    address to;
    uint256 value;
    bytes data;
}

/// An ERC-4337 account with session keys, for tests. It answers `sessionKeys` in the shape of Openfort's accounts and
/// treats a key as they do: contracts from a list, whole; one count for all calls, taken when the signature is checked.
contract SessionAccount is IAccount {
    struct SessionKey {
        uint48 validAfter;
        uint48 validUntil;
        uint48 limit;
        bool masterSessionKey;
        bool whitelisting;
        address registrarAddress;
    }

    address private immutable owner;
    address private immutable entryPoint;

    mapping(address key => SessionKey) public sessionKeys;
    mapping(address key => mapping(address target => bool)) private listed;

    uint256 private constant REFUSED = 1;

    constructor(address owner_, address entryPoint_) {
        owner = owner_;
        entryPoint = entryPoint_;
    }

    modifier onlyEntryPoint() {
        require(msg.sender == entryPoint, "not the EntryPoint");
        _;
    }

    function registerSessionKey(address key, uint48 validAfter, uint48 validUntil, uint48 limit, address[] calldata whitelist)
        external
        onlyEntryPoint
    {
        require(sessionKeys[key].validUntil == 0, "registered already");
        require(whitelist.length <= 10, "too many contracts");
        bool whitelisting = whitelist.length > 0;
        bool master = !whitelisting && limit == type(uint48).max;
        sessionKeys[key] = SessionKey(validAfter, validUntil, limit, master, whitelisting, owner);
        for (uint256 i = 0; i < whitelist.length; ++i) listed[key][whitelist[i]] = true;
    }

    function revokeSessionKey(address key) external onlyEntryPoint {
        SessionKey storage revoked = sessionKeys[key];
        if (revoked.validUntil == 0) return;
        revoked.validUntil = 0;
        revoked.limit = 0;
        revoked.masterSessionKey = false;
        revoked.registrarAddress = address(0);
    }

    /// All calls or none.
    function execute(Call[] calldata calls) external onlyEntryPoint {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok, bytes memory result) = calls[i].to.call{ value: calls[i].value }(calls[i].data);
            if (!ok) {
                assembly {
                    revert(add(result, 32), mload(result))
                }
            }
        }
    }

    /// Its gas is paid from its deposit with the EntryPoint.
    function validateUserOp(PackedUserOperation calldata op, bytes32 opHash, uint256)
        external
        onlyEntryPoint
        returns (uint256 validationData)
    {
        address signer = signerOf(opHash, op.signature);
        if (signer == owner) return 0;
        return useSessionKey(signer, op.callData);
    }

    /// What the EntryPoint is to think of a session key's call: refused, or good between two moments.
    function useSessionKey(address signer, bytes calldata callData) private returns (uint256) {
        SessionKey storage key = sessionKeys[signer];
        if (signer == address(0) || key.validUntil == 0 || bytes4(callData) != this.execute.selector) return REFUSED;
        Call[] memory calls = abi.decode(callData[4:], (Call[]));
        if (!key.masterSessionKey) {
            if (calls.length > key.limit) return REFUSED;
            key.limit -= uint48(calls.length);
            for (uint256 i = 0; i < calls.length; ++i) {
                if (calls[i].to == address(this)) return REFUSED;
                if (key.whitelisting && !listed[signer][calls[i].to]) return REFUSED;
            }
        }
        return uint256(key.validUntil) << 160 | uint256(key.validAfter) << 208;
    }

    /// EIP-191, as `signMessage({ message: { raw } })` signs it.
    function signerOf(bytes32 opHash, bytes calldata signature) private pure returns (address) {
        if (signature.length != 65) return address(0);
        bytes32 digest = keccak256(abi.encodePacked("\x19Ethereum Signed Message:\n32", opHash));
        return ecrecover(digest, uint8(signature[64]), bytes32(signature[:32]), bytes32(signature[32:64]));
    }
}
