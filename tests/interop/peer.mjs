// An independent MLS (RFC 9420) implementation as a member of a room: the npm package ts-mls, driven by a
// test. One JSON object per line on stdin, exactly one per line on stdout; bytes are lowercase hex. A failure
// answers {"error": message}, changes nothing and the peer goes on. One process is one member of one group.
import { createPrivateKey, createPublicKey } from "node:crypto"
import { createInterface } from "node:readline"
import {
  bytesToBase64, ciphersuites, createApplicationMessage, createCommit, credentialTypes, decodeMlsMessage,
  defaultAuthenticationService, defaultKeyPackageEqualityConfig, defaultKeyRetentionConfig,
  defaultLifetimeConfig, emptyPskIndex, encodeMlsMessage, generateKeyPackageWithKey, getCiphersuiteFromName,
  getCiphersuiteImpl, joinGroup, processMessage,
} from "ts-mls"
// Not in the public index, but reachable through the package's own "./*.js" export.
import { encode } from "ts-mls/codec/tlsEncoder.js"
import { decodeVarLenData, varLenDataEncoder } from "ts-mls/codec/variableLength.js"
import { createGroupInfo } from "ts-mls/createCommit.js"
import { refhash } from "ts-mls/crypto/hash.js"
import { verifyWithLabel } from "ts-mls/crypto/signature.js"
import { groupContextEncoder } from "ts-mls/groupContext.js"
import { makeKeyPackageRef } from "ts-mls/keyPackage.js"
import { decodeRatchetTree, getSignaturePublicKeyFromLeafIndex } from "ts-mls/ratchetTree.js"

const CREDENTIAL = 0xf0a1
const SELF_REMOVE = 0x000a // proposal type, draft-ietf-mls-extensions
const LAST_RESORT = 0x000a // extension type, the same number in another registry
const LEAF_EXTENSION = 0xf0a2
const GROUP_EXTENSIONS = [0xf0a3, 0xf0a4]

// ts-mls can write a credential of any type but has no decoder for one it does not know. The room's
// credential has the layout of `basic` on the wire (one opaque<V>), so the library's (exported, mutable)
// table of codes is told that `basic` is 0xF0A1. No code of it changes; a real basic credential is refused.
credentialTypes.basic = CREDENTIAL

const clientConfig = {
  keyRetentionConfig: defaultKeyRetentionConfig,
  lifetimeConfig: defaultLifetimeConfig,
  keyPackageEqualityConfig: defaultKeyPackageEqualityConfig,
  paddingConfig: { kind: "alwaysPad", paddingLength: 0 }, // the library's default pads to 256 bytes
  authService: defaultAuthenticationService, // accepts every credential: the other side of the test checks
}

const hex = (bytes) => Buffer.from(bytes).toString("hex")
const message = (wireformat, body) => hex(encodeMlsMessage({ version: "mls10", wireformat, ...body }))
const concat = (...parts) => new Uint8Array(Buffer.concat(parts))

function unhex(text, length) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text)) throw new Error("expected lowercase hex")
  if (length !== undefined && text.length !== 2 * length) throw new Error(`expected ${length} bytes`)
  return new Uint8Array(Buffer.from(text, "hex")) // a copy: the library must not see Node's shared pool
}

function decodeWhole(decoder, bytes, what) {
  const [value, length] = decoder(bytes, 0) ?? []
  if (length !== bytes.length) throw new Error(`not exactly one ${what}`)
  return value
}

function decodeMessage(bytes, ...wireformats) {
  const message = decodeWhole(decodeMlsMessage, bytes, "MLSMessage")
  if (!wireformats.includes(message.wireformat)) throw new Error(`unexpected ${message.wireformat}`)
  return message
}

// The raw public key of a raw Ed25519 seed. (ts-mls takes the 32-byte seed itself as its `signKey`.)
function publicKeyOf(seed) {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), seed])
  const key = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" }))
  return new Uint8Array(key.export({ format: "der", type: "spki" }).subarray(-32))
}

let suite // the implementation of the cipher suite
const keyPackages = [] // {publicPackage, privatePackage, suite} of every key_package so far
let state // the group as it is now; the library never changes a state, it makes new ones
let pending // {commit, state}: an own commit that did not come back yet

function inGroup() {
  if (state === undefined) throw new Error("not in a group")
  return state
}

function snapshot() {
  const leaves = state.ratchetTree.filter((node) => node?.nodeType === "leaf").map((node) => node.leaf)
  const member = (leaf) => ({ name: hex(leaf.credential.identity), key: hex(leaf.signaturePublicKey) })
  return {
    epoch: Number(state.groupContext.epoch),
    authenticator: hex(state.keySchedule.epochAuthenticator),
    members: leaves.map(member),
  }
}

// The library's own createGroupInfoWithExternalPub (1.6.4) leaves out the inner length of ExternalPub, which
// RFC 9420 wants (HPKEPublicKey is an opaque<V> within extension_data): this is the same in the right form.
async function groupInfoWithExternalPub(of) {
  const { publicKey } = await suite.hpke.deriveKeyPair(of.keySchedule.externalSecret)
  const extensionData = encode(varLenDataEncoder)(await suite.hpke.exportPublicKey(publicKey))
  const extensions = [{ extensionType: "external_pub", extensionData }]
  return message("mls_group_info", {
    groupInfo: await createGroupInfo(of.groupContext, of.confirmationTag, of, extensions, suite),
  })
}

// ts-mls reads every proposal it does not know as type + opaque<V>; SelfRemove is a type and nothing else. So
// a standalone SelfRemove is read and checked here, from its bytes, and kept under its reference as the
// Remove of its sender: a commit that refers to it then does the right thing. undefined: another message.
async function selfRemove(bytes) {
  const view = new DataView(bytes.buffer)
  if (view.getUint32(0) !== 0x00010001) return undefined // mls10, mls_public_message
  let at = 4 + decodeVarLenData(bytes, 4)[1] // group id
  const epoch = view.getBigUint64(at)
  if (view.getUint8(at + 8) !== 1) return undefined // sender: a member
  const leaf = view.getUint32(at + 9)
  at += 13
  at += decodeVarLenData(bytes, at)[1] // authenticated data
  if (view.getUint8(at) !== 2 || view.getUint16(at + 1) !== SELF_REMOVE) return undefined // 2: a proposal
  at += 3
  const [signature, signatureLength] = decodeVarLenData(bytes, at)
  const end = at + signatureLength
  const [tag, tagLength] = decodeVarLenData(bytes, end)
  if (end + tagLength !== bytes.length) throw new Error("not exactly one MLSMessage")

  const { groupContext, keySchedule, ratchetTree, unappliedProposals } = state
  if (epoch !== groupContext.epoch) throw new Error("a proposal of another epoch")
  const signed = concat(bytes.subarray(0, at), encode(groupContextEncoder)(groupContext)) // FramedContentTBS
  const tagged = concat(signed, bytes.subarray(at, end)) // AuthenticatedContentTBM
  if (!(await suite.hash.verifyMac(keySchedule.membershipKey, tag, tagged)))
    throw new Error("bad membership tag")
  const key = getSignaturePublicKeyFromLeafIndex(ratchetTree, leaf)
  if (!(await verifyWithLabel(key, "FramedContentTBS", signed, signature, suite.signature)))
    throw new Error("bad signature")
  const reference = await refhash("MLS 1.0 Proposal Reference", bytes.subarray(2, end), suite.hash)
  const remove = { proposal: { proposalType: "remove", remove: { removed: leaf } }, senderLeafIndex: leaf }
  return { ...state, unappliedProposals: { ...unappliedProposals, [bytesToBase64(reference)]: remove } }
}

const commands = {
  async key_package({ suite: code, seed, name, certificate, not_before, not_after }) {
    if (code !== 1 && code !== 3) throw new Error("suite: 1 or 3")
    const suiteName = Object.keys(ciphersuites).find((n) => ciphersuites[n] === code)
    const implementation = await getCiphersuiteImpl(getCiphersuiteFromName(suiteName))
    const signKey = unhex(seed, 32)
    const publicKey = publicKeyOf(signKey)
    const capabilities = {
      versions: ["mls10"],
      ciphersuites: [suiteName],
      extensions: [LEAF_EXTENSION, ...GROUP_EXTENSIONS, LAST_RESORT],
      proposals: [SELF_REMOVE],
      credentials: ["basic"], // 0xF0A1, see above
    }
    const role = { extensionType: LEAF_EXTENSION, extensionData: unhex(certificate) }
    const made = await generateKeyPackageWithKey(
      { credentialType: "basic", identity: unhex(name, 16) },
      capabilities,
      { notBefore: BigInt(not_before), notAfter: BigInt(not_after) },
      [],
      { signKey, publicKey },
      implementation,
      [role],
    )
    keyPackages.push({ ...made, suite: implementation })
    return {
      key_package: message("mls_key_package", { keyPackage: made.publicPackage }),
      public: hex(publicKey),
    }
  },

  async join({ welcome: text, tree }) {
    if (state !== undefined) throw new Error("already in a group")
    const { welcome } = decodeMessage(unhex(text), "mls_welcome")
    const ratchetTree = decodeWhole(decodeRatchetTree, unhex(tree), "ratchet tree")
    for (const { publicPackage, privatePackage, suite: implementation } of keyPackages) {
      const reference = hex(await makeKeyPackageRef(publicPackage, implementation.hash))
      if (!welcome.secrets.some((secret) => hex(secret.newMember) === reference)) continue
      state = await joinGroup(
        welcome, publicPackage, privatePackage, emptyPskIndex, implementation, ratchetTree, undefined,
        clientConfig,
      )
      suite = implementation
      return { group: hex(state.groupContext.groupId), ...snapshot() }
    }
    throw new Error("the welcome is not for a key package of this peer")
  },

  async process({ message: text }) {
    inGroup()
    if (text === pending?.commit) {
      state = pending.state
      pending = undefined
      return { kind: "commit", ...snapshot() }
    }
    const bytes = unhex(text)
    const withSelfRemove = await selfRemove(bytes)
    if (withSelfRemove !== undefined) {
      state = withSelfRemove
      return { kind: "proposal" }
    }
    const received = decodeMessage(bytes, "mls_public_message", "mls_private_message")
    const result = await processMessage(received, state, emptyPskIndex, () => "accept", suite)
    state = result.newState
    if (result.kind === "applicationMessage")
      return { kind: "application", bytes: hex(result.message), epoch: Number(received.privateMessage.epoch) }
    if ((received.publicMessage?.content ?? received.privateMessage).contentType === "proposal")
      return { kind: "proposal" }
    pending = undefined // another commit came first
    // A commit that removes this peer cannot take it into the new epoch: it stays where it was, and says so.
    const removed = state.groupActiveState.kind === "removedFromGroup" ? { removed: true } : {}
    return { kind: "commit", ...snapshot(), ...removed }
  },

  async encrypt({ bytes, authenticated_data }) {
    const said = unhex(authenticated_data)
    const { privateMessage, newState } = await createApplicationMessage(inGroup(), unhex(bytes), suite, said)
    state = newState
    return { message: message("mls_private_message", { privateMessage }) }
  },

  async update() {
    // Left alone, createCommit refers to every proposal it has seen; this one is to have none, so a path.
    const before = { ...inGroup(), unappliedProposals: {} }
    const made = await createCommit({ state: before, cipherSuite: suite }, { wireAsPublicMessage: true })
    const reply = {
      commit: hex(encodeMlsMessage(made.commit)),
      group_info: await groupInfoWithExternalPub(made.newState),
    }
    pending = { commit: reply.commit, state: made.newState }
    return reply
  },
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply
  try {
    const request = JSON.parse(line)
    if (!Object.hasOwn(commands, request?.do)) throw new Error("unknown command")
    reply = await commands[request.do](request)
  } catch (error) {
    reply = { error: String(error?.message || error) }
  }
  process.stdout.write(JSON.stringify(reply) + "\n")
}
