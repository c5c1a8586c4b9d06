// Sends transactions that were signed before, one after the other, through cometbft-load-test: an open loop from a program that shares no code
// with Galen. GALEN_LOAD_FILE holds them, each after its length (4 bytes, big endian).
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"sync/atomic"

	"github.com/cometbft/cometbft-load-test/pkg/loadtest"
)

const fileVariable = "GALEN_LOAD_FILE"

// signedTransactions hands out every transaction once, over all connections.
type signedTransactions struct {
	txs  [][]byte
	next atomic.Int64
}

var errNoMore = errors.New("all signed transactions are sent; sign more, or send for a shorter time")

func (s *signedTransactions) ValidateConfig(cfg loadtest.Config) error {
	wanted := cfg.Rate * cfg.Time * cfg.Connections * len(cfg.Endpoints)
	if wanted > len(s.txs) {
		return fmt.Errorf("%s holds %d transactions, and %d would be sent", fileVariable, len(s.txs), wanted)
	}
	return nil
}

func (s *signedTransactions) NewClient(loadtest.Config) (loadtest.Client, error) { return s, nil }

func (s *signedTransactions) GenerateTx() ([]byte, error) {
	index := s.next.Add(1) - 1
	if index >= int64(len(s.txs)) {
		return nil, errNoMore
	}
	return s.txs[index], nil
}

func readTransactions(path string) ([][]byte, error) {
	bytes, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var txs [][]byte
	for len(bytes) > 0 {
		if len(bytes) < 4 {
			return nil, errors.New("the file ends in the middle of a length")
		}
		size := binary.BigEndian.Uint32(bytes)
		bytes = bytes[4:]
		if uint64(len(bytes)) < uint64(size) {
			return nil, errors.New("the file ends in the middle of a transaction")
		}
		txs = append(txs, bytes[:size])
		bytes = bytes[size:]
	}
	return txs, nil
}

func main() {
	txs, err := readTransactions(os.Getenv(fileVariable))
	if err == nil {
		err = loadtest.RegisterClientFactory("signed", &signedTransactions{txs: txs})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	loadtest.Run(&loadtest.CLIConfig{
		AppName:              "load-client",
		AppShortDesc:         "Sends signed transactions to the RPC of CometBFT nodes",
		DefaultClientFactory: "signed",
	})
}
