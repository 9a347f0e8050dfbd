package io.insula.transport.websocket;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A certificate with its key, as read from files. What does not fit together is found here, and not by the first client.
 *
 * @param chain the server's certificate first
 * @param key the private key of that
 */
record TlsIdentity(List<Certificate> chain, PrivateKey key) {
    /** The largest file that is read. */
    static final int MOST_BYTES = 1 << 20;

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final String PROBE = "insula";
    /** How keys of a kind sign, to see that two belong together. */
    private static final Map<String, String> SIGNATURES =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    TlsIdentity {
        chain = List.copyOf(chain);
    }

    /**
     * Reads both files.
     *
     * @throws TlsFilesException if one cannot be read, or they do not fit together; its message says which and what to do
     */
    static TlsIdentity read(TlsFiles files) throws TlsFilesException {
        List<Certificate> chain = certificates(files.certificate());
        PublicKey open = chain.getFirst().getPublicKey();
        PrivateKey key = key(files.key(), open.getAlgorithm());
        if (!belongTogether(key, open)) {
            throw new TlsFilesException("the key in " + files.key() + " is not that of the first certificate in "
                    + files.certificate());
        }
        return new TlsIdentity(chain, key);
    }

    private static List<Certificate> certificates(Path file) throws TlsFilesException {
        try {
            Collection<? extends Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes(file)));
            if (found.isEmpty()) {
                throw new TlsFilesException("there is no certificate in " + file);
            }
            return List.copyOf(found);
        } catch (CertificateException e) {
            throw new TlsFilesException(file + " does not hold certificates as PEM", e);
        }
    }

    private static PrivateKey key(Path file, String algorithm) throws TlsFilesException {
        String text = new String(bytes(file), StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new TlsFilesException(
                    file + " does not hold a private key as PKCS #8 that is not encrypted; \"openssl pkcs8"
                            + " -topk8 -nocrypt -in OLD -out NEW\" makes one of others");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new TlsFilesException(file + " does not hold a key of the certificate's kind, " + algorithm, e);
        }
    }

    private static byte[] bytes(Path file) throws TlsFilesException {
        byte[] bytes;
        try (var in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw new TlsFilesException(file + " cannot be read", e);
        }
        if (bytes.length > MOST_BYTES) {
            throw new TlsFilesException(file + " is larger than " + MOST_BYTES + " bytes");
        }
        return bytes;
    }

    private static boolean belongTogether(PrivateKey key, PublicKey open) throws TlsFilesException {
        String algorithm = SIGNATURES.get(open.getAlgorithm());
        if (algorithm == null) {
            throw new TlsFilesException("certificates with keys of the kind " + open.getAlgorithm()
                    + " are not used here; use one of " + SIGNATURES.keySet().stream().sorted().toList());
        }
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(PROBE.getBytes(StandardCharsets.US_ASCII));
            byte[] signed = signing.sign();
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(open);
            checking.update(PROBE.getBytes(StandardCharsets.US_ASCII));
            return checking.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** As the library wants it, in memory alone. */
    KeyStore asKeyStore(String password) throws TlsFilesException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, password.toCharArray(), chain.toArray(new Certificate[0]));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new TlsFilesException("the certificate cannot be used", e);
        }
    }
}
