// Judges a Galen node with CometBFT's own light client: it trusts one header by its hash and must be able to verify a later one, forwards by
// skipping and one by one. Prints the verified header's hash; exits 1 with the client's reason otherwise.
//
//	go run . CHAIN_ID RPC_URL TRUSTED_HEIGHT TRUSTED_HASH HEIGHT
package main

import (
	"context"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"
	"time"

	dbm "github.com/cometbft/cometbft-db"
	"github.com/cometbft/cometbft/light"
	"github.com/cometbft/cometbft/light/provider"
	"github.com/cometbft/cometbft/light/provider/http"
	"github.com/cometbft/cometbft/light/store/db"
)

func main() {
	if len(os.Args) != 6 {
		fmt.Fprintln(os.Stderr, "usage: comet-light CHAIN_ID RPC_URL TRUSTED_HEIGHT TRUSTED_HASH HEIGHT")
		os.Exit(2)
	}
	for _, mode := range []light.Option{light.SkippingVerification(light.DefaultTrustLevel), light.SequentialVerification()} {
		hash, err := verify(os.Args[1], os.Args[2], os.Args[3], os.Args[4], os.Args[5], mode)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println(hash)
	}
}

func verify(chainID, url, trustedHeight, trustedHash, height string, mode light.Option) (string, error) {
	trusted, err := strconv.ParseInt(trustedHeight, 10, 64)
	if err != nil {
		return "", err
	}
	target, err := strconv.ParseInt(height, 10, 64)
	if err != nil {
		return "", err
	}
	hash, err := hex.DecodeString(trustedHash)
	if err != nil {
		return "", err
	}
	node, err := http.New(chainID, url)
	if err != nil {
		return "", err
	}
	options := light.TrustOptions{Period: 24 * time.Hour, Height: trusted, Hash: hash}
	client, err := light.NewClient(context.Background(), chainID, options, node, []provider.Provider{node}, db.New(dbm.NewMemDB(), chainID), mode)
	if err != nil {
		return "", err
	}
	block, err := client.VerifyLightBlockAtHeight(context.Background(), target, time.Now())
	if err != nil {
		return "", err
	}
	return block.Hash().String(), nil
}
