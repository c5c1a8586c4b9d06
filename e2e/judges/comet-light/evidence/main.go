// Evidence of duplicate votes as far from the usual as CometBFT takes it, in its JSON and protobuf and with the hash that a header commits to:
// what packages/ledger/src/block/testing/comet-evidence.json holds. Run `go run ./evidence` in the folder above.
package main

import (
	"fmt"
	"math"
	"time"

	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	"github.com/cometbft/cometbft/types"
)

const chainID = "evidence"

var key = ed25519.GenPrivKeyFromSecret([]byte("one validator"))

func blockID(filling byte, parts uint32) types.BlockID {
	hash := make([]byte, 32)
	for i := range hash {
		hash[i] = filling
	}
	return types.BlockID{Hash: hash, PartSetHeader: types.PartSetHeader{Total: parts, Hash: hash}}
}

func vote(kind cmtproto.SignedMsgType, id types.BlockID, at time.Time) *types.Vote {
	v := &types.Vote{Type: kind, Height: 12, Round: math.MaxInt32, BlockID: id, Timestamp: at,
		ValidatorAddress: key.PubKey().Address(), ValidatorIndex: math.MaxInt32}
	v.Signature, _ = key.Sign(types.VoteSignBytes(chainID, v.ToProto()))
	return v
}

func evidenceOf(set *types.ValidatorSet, a, b *types.Vote) types.Evidence {
	evidence, err := types.NewDuplicateVoteEvidence(a, b, time.Date(2026, 3, 4, 5, 6, 7, 8, time.UTC), set)
	if err != nil {
		panic(err)
	}
	if err := evidence.ValidateBasic(); err != nil {
		panic(err)
	}
	return evidence
}

func main() {
	set := types.NewValidatorSet([]*types.Validator{types.NewValidator(key.PubKey(), 10)})
	latest := time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	extended := vote(cmtproto.PrecommitType, blockID(1, 1), latest)
	extended.Extension, extended.ExtensionSignature = []byte("anything"), make([]byte, types.MaxSignatureSize)
	signedOnly := vote(cmtproto.PrecommitType, blockID(2, math.MaxUint32), latest)
	signedOnly.ExtensionSignature = []byte("anything")
	list := types.EvidenceList{
		evidenceOf(set, extended, signedOnly),
		evidenceOf(set, vote(cmtproto.PrevoteType, types.BlockID{}, time.Time{}), vote(cmtproto.PrevoteType, blockID(3, 1), time.Unix(-1, 0).UTC())),
	}
	data := types.EvidenceData{Evidence: list}
	json, _ := cmtjson.Marshal(data)
	wire, err := data.ToProto()
	if err != nil {
		panic(err)
	}
	bytes, _ := wire.Marshal()
	fmt.Printf("{\"json\":%s,\"evidenceHash\":\"%x\",\"bytes\":\"%x\"}\n", json, list.Hash(), bytes)
}
