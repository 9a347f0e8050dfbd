package io.insula.cost.advisor;

import java.util.List;

/** What a column of a usage log means, with the usual names for it, most telling first. */
enum Field {
    TIME(
            "time",
            "timestamp time datetime createdat created starttime requesttime eventtime timegenerated ts "
                    + "date"), MODEL(
                            "model",
                            "model modelname modelid responsemodel requestmodel genairesponsemodel genairequestmodel "
                                    + "providedmodelname modelgroup snapshotid"),
    /** Input tokens in the counting where cached tokens are always a part of them. */
    PROMPT_TOKENS(
            "input tokens",
            "prompttokens usageprompttokens contexttokens prompttokencount numprompttokens "
                    + "ncontexttokenstotal tokensprompt"),
    /** Input tokens in the counting where tokens read from and written to a cache stand beside them. */
    INPUT_TOKENS(
            "input tokens",
            "inputtokens usageinputtokens genaiusageinputtokens inputusage numinputtokens tokensin "
                    + "tokensinput"), OUTPUT_TOKENS(
                            "output tokens",
                            "completiontokens usagecompletiontokens outputtokens usageoutputtokens "
                                    + "genaiusageoutputtokens generatedtokens candidatestokencount numcompletiontokens "
                                    + "numoutputtokens ngeneratedtokenstotal outputusage tokensout tokensoutput tokenscompletion"),
    /** Cached tokens that are a part of the input tokens. */
    CACHED_TOKENS(
            "cached input tokens",
            "cachedtokens cachedinputtokens inputcachedtokens cachedprompttokens promptcachedtokens "
                    + "prompttokensdetailscachedtokens inputtokensdetailscachedtokens "
                    + "usageprompttokensdetailscachedtokens usageinputtokensdetailscachedtokens "
                    + "cachedcontenttokencount"), CACHE_READ_TOKENS(
                            "input tokens read from a cache",
                            "cachereadinputtokens usagecachereadinputtokens cachereadtokens inputcacheread "
                                    + "genaiusagecachereadinputtokens"), CACHE_WRITE_TOKENS(
                                            "input tokens written to a cache",
                                            "cachecreationinputtokens usagecachecreationinputtokens cachewritetokens cachecreationtokens "
                                                    + "genaiusagecachecreationinputtokens"), USER(
                                                            "user",
                                                            "user userid username enduser enduserid useremail team teamid teamalias project projectid "
                                                                    + "customer customerid department apikeyalias"), COST(
                                                                            "cost in US dollars",
                                                                            "costusd cost totalcostusd totalcost spend responsecost usagecost calculatedtotalcost "
                                                                                    + "costinusd"), LATENCY(
                                                                                            "latency",
                                                                                            "latencyms latencymillis durationms responsetimems elapsedms latencyseconds latencys "
                                                                                                    + "durationseconds durations latency duration responsetime elapsed requestduration"),
    /** A count of requests says that a row is a sum and not one request. */
    REQUESTS("number of requests", "nrequests nummodelrequests requestcount numrequests");

    private final String meaning;
    private final String names;

    Field(String meaning, String names) {
        this.meaning = meaning;
        this.names = names;
    }

    /** The meaning in the reader's words. */
    String meaning() {
        return meaning;
    }

    /** The usual names, in lower case and without anything but letters and digits. */
    List<String> names() {
        return List.of(names.split(" ", -1));
    }
}
