/** The latency model fitted without the cities of fold 0 and without ibm-docs. Written by `node bench/latency/fit.ts`; not edited by hand. */
export const HELD_OUT_FACTORS = `
all 4.902 1.628
hub ashburn 0.035 new-york 1.497 atlanta 1.245 chicago 1.661 dallas 1.747 paris 1.305 madrid 1.499
hub new-york 0.576 boston 1.636 montreal 1.729 toronto 1.939 chicago 1.84 london 1.269 paris 1.278 dublin 1.478 sao-paulo 1.486 fortaleza 1.738
hub boston 0 montreal 1.593 halifax 1.454 dublin 1.397
hub montreal 1.403 toronto 1.078 halifax 1.676
hub toronto 1.503 chicago 1.572 winnipeg 3.388
hub halifax 1 london 1.479 dublin 1.501
hub chicago 0 minneapolis 1.934 kansas-city 1.559 denver 1.495 seattle 1.5 dallas 1.726 atlanta 2.11 salt-lake-city 1.516
hub minneapolis 1 winnipeg 3.032 seattle 1.189 denver 1.73 kansas-city 3.167
hub kansas-city 0 denver 1.02 dallas 1.494 atlanta 2.139
hub atlanta 3.43 miami 1.681 dallas 1.843 new-orleans 1.575
hub miami 0.007 new-orleans 2.553 san-juan 1.25 bogota 1.712 panama 1.693 guatemala 1.023 fortaleza 1.274 sao-paulo 1.621 queretaro 1.662 caracas 1.25
hub new-orleans 3.952 san-antonio 1.064 dallas 1.213
hub dallas 0.699 san-antonio 1.846 denver 1.385 phoenix 1.566 los-angeles 1.611 monterrey 1.779
hub san-antonio 0.897 phoenix 1.3 monterrey 1.622
hub denver 0.098 salt-lake-city 1.458 phoenix 3.146 los-angeles 2.281
hub salt-lake-city 2.396 san-jose 1.608 portland 1.893 los-angeles 2.151 seattle 1.153
hub phoenix 1.268 los-angeles 1.466
hub los-angeles 0.646 san-jose 1.352 queretaro 1.94 panama 1.955 guatemala 1.982
hub san-jose 0.939 portland 1.54 seattle 1.615
hub portland 0 seattle 2.047
hub seattle 0 calgary 1.948
hub calgary 0 winnipeg 1
hub winnipeg 6.078
hub honolulu 1 los-angeles 1.237 san-jose 1.246 seattle 1.351 sydney 1.122 auckland 1.362 suva 1.376 tokyo 1.25
hub monterrey 1 queretaro 1.906
hub queretaro 1.285 guatemala 2.073
hub guatemala 1 panama 1.785
hub panama 3.276 bogota 1.321 guayaquil 1.558 lima 1.331 santiago 1.585
hub san-juan 1 new-york 1.593 caracas 1.358
hub bogota 1.466 caracas 2.183 guayaquil 1.704
hub caracas 1
hub guayaquil 0.805 lima 2.066
hub lima 1.482 santiago 1.87
hub santiago 1 buenos-aires 1.976
hub buenos-aires 1.25 sao-paulo 1.995
hub sao-paulo 0 brasilia 1.685 fortaleza 1.9
hub brasilia 1.549 fortaleza 2.657
hub fortaleza 0.742 lisbon 2.915 luanda 2.687 dakar 2.937
hub paramaribo 1.774 fortaleza 4.58 miami 1.901
hub london 0 manchester 1 amsterdam 1.437 brussels 1.876 paris 1.772 dublin 1.182 reykjavik 1.805 lisbon 2.13
hub manchester 0.899 dublin 1.377
hub dublin 3.562
hub reykjavik 2.061 copenhagen 2.151 halifax 2.72
hub amsterdam 0 brussels 1.245 frankfurt 1.95 copenhagen 2.027 berlin 1.199
hub brussels 0.593 paris 2.074 frankfurt 2.154
hub paris 0 frankfurt 1.608 zurich 2.482 marseille 1.409 madrid 1.366
hub frankfurt 0.365 berlin 1 munich 1.399 zurich 1.542 prague 1.578 copenhagen 1.912
hub berlin 6.078 warsaw 1.96 copenhagen 3.005 prague 2.026
hub munich 1.25 zurich 3.008 vienna 1.045 milan 2.856
hub zurich 0 milan 1.57
hub milan 1.424 marseille 1.792 rome 1.556 vienna 1.696 zagreb 2.484 tel-aviv 1.197 athens 2.298
hub marseille 0.464 madrid 2.78 alexandria 1.045 algiers 2.215 tunis 2.253 athens 2.399 palermo 2.438 tel-aviv 1
hub madrid 0.109 lisbon 3.196 algiers 2.485 casablanca 1.25
hub lisbon 1.738 casablanca 1.25 dakar 2.603 accra 1.915 lagos 2.084 cape-town 1.107
hub rome 0.774 palermo 2.512
hub palermo 1.906 tunis 1.024 athens 2.488 tel-aviv 2.444 alexandria 2.614
hub copenhagen 3.134 stockholm 1.45 oslo 1.132 new-york 1.403
hub oslo 0 stockholm 1.445
hub stockholm 0.919 helsinki 1 riga 1.394
hub helsinki 0 st-petersburg 1.883 riga 1.009
hub riga 0 warsaw 1.946 st-petersburg 1.687
hub warsaw 1.75 kyiv 2.696 prague 2.663 moscow 2.137 vienna 2.659
hub prague 0.599 vienna 2.603
hub vienna 3.442 budapest 1.278 zagreb 1.471
hub budapest 1 belgrade 1.158 bucharest 1.722
hub zagreb 0.951 belgrade 1.669
hub belgrade 1 sofia 3.964
hub sofia 1.602 bucharest 2.794 athens 1.955 istanbul 3.28
hub bucharest 2.143 istanbul 3.349 kyiv 5.047
hub athens 1.623 limassol 5.642 istanbul 2.174
hub istanbul 3.044 tbilisi 2.57 tehran 1.791
hub kyiv 0.916 moscow 2.202
hub moscow 0.176 st-petersburg 1.809 yekaterinburg 1 tbilisi 2.774 almaty 2.925
hub st-petersburg 1
hub yekaterinburg 1.013 novosibirsk 2.395 almaty 4.359
hub novosibirsk 0.93 almaty 3.549 vladivostok 2.403 beijing 3.723
hub vladivostok 0.075 sapporo 2.938 seoul 5.634 beijing 2.557
hub almaty 0.776 beijing 3.589
hub tbilisi 1.764 tehran 2.355
hub limassol 2.628 tel-aviv 4.297 alexandria 2.681
hub tel-aviv 1 alexandria 2.269 riyadh 3.776
hub alexandria 3.081 jeddah 3.232 djibouti 2.016
hub jeddah 1 riyadh 3.181 djibouti 2.43 karachi 2.083
hub riyadh 1 bahrain 1.503
hub bahrain 1 dubai 1.5 doha 1.5
hub dubai 0.893 mumbai 1.169 karachi 2.235 singapore 1.288
hub doha 3.771 dubai 1 riyadh 1.395
hub tehran 1 dubai 8.106
hub algiers 2.097
hub tunis 1.151
hub casablanca 1
hub dakar 1 accra 1.195
hub accra 1 cape-town 1.593
hub lagos 1.113 accra 1.566 luanda 1.789
hub luanda 1 cape-town 1.663
hub cape-town 1
hub johannesburg 0.544 cape-town 2.1 nairobi 1.838 port-louis 2.387
hub nairobi 2.354 dar-es-salaam 4.723 dubai 3.779 mumbai 3.966
hub dar-es-salaam 0.535 johannesburg 1
hub djibouti 1 mumbai 2.919 dubai 2.978 nairobi 4.7 dar-es-salaam 2.024 karachi 2.742 singapore 2.116
hub port-louis 1 mumbai 1.425 singapore 1.5 perth 2.353
hub karachi 1.169 lahore 2.958 mumbai 2.012
hub lahore 2.559 delhi 4.22
hub delhi 1.081 mumbai 2.717 dhaka 4.17
hub mumbai 0.731 hyderabad 2.858 chennai 1.67 singapore 1.316 colombo 1.25
hub hyderabad 0.504 chennai 2.441 delhi 2.673
hub chennai 0 singapore 1.172
hub colombo 1 singapore 1.25 chennai 1.25
hub dhaka 1 yangon 2.203 singapore 1.25
hub yangon 1 bangkok 1.713 singapore 1.25
hub bangkok 1.454 kuala-lumpur 1.613 ho-chi-minh 4.217
hub kuala-lumpur 0 singapore 1.118
hub singapore 1 jakarta 1.315 hong-kong 1.31 ho-chi-minh 4.507 manila 2.316 perth 1.457 bangkok 1.671 los-angeles 1.295 guam 1.224
hub jakarta 1 perth 1.502
hub ho-chi-minh 1.996 hanoi 1.255 hong-kong 1.692
hub hanoi 1.689 hong-kong 3.682
hub manila 2.882 hong-kong 2.076 tokyo 1.778 guam 2.511 taipei 2.427 los-angeles 1.351
hub hong-kong 0 shanghai 2.984 beijing 2.668 taipei 2.73 tokyo 1.79 seoul 1.63 los-angeles 1.427 san-jose 1.411
hub taipei 2.606 tokyo 1.43 shanghai 2.9 los-angeles 1.303 san-jose 1.3
hub shanghai 2.741 beijing 3.796 tokyo 2.866 osaka 2.862 seoul 2.679 los-angeles 1.487 san-jose 1.594 seattle 1.858
hub beijing 0.037 seoul 1.873
hub seoul 1.779 osaka 1.55 tokyo 1.843
hub tokyo 1.313 osaka 2.122 sapporo 5.522 seattle 1.412 portland 1.286 los-angeles 1.268 san-jose 1.361 guam 1.195 singapore 1.376
hub osaka 1 los-angeles 1.291 seattle 1.43
hub sapporo 0.794
hub guam 1 honolulu 1.215 hong-kong 1.161
hub perth 2.172 adelaide 1.267 sydney 1.224
hub adelaide 1 melbourne 1.419
hub melbourne 1.521 sydney 1.074 auckland 1.25
hub sydney 0 brisbane 2.847 auckland 1.114 los-angeles 1.156 suva 1.25 guam 1.491
hub brisbane 2.231 guam 2.151
hub auckland 0.944 christchurch 1.5 los-angeles 1.238 suva 1.312
hub christchurch 1
hub suva 1
subregion us-east 2.217 us-east 0.916
subregion us-west 3.234 us-east 1.033 us-west 0.941
subregion canada-east 1.958 us-east 0.971 us-west 0.986 canada-east 0.958
subregion canada-west 2.976 us-east 1.005 us-west 1.018 canada-east 1.013 canada-west 0.957
subregion central-america 2.383 us-east 0.963 us-west 1.01 canada-east 1.065 canada-west 0.988 central-america 1.006
subregion caribbean 1.8
subregion andes 3.295 us-east 0.993 us-west 1.031 canada-east 0.964 canada-west 1.05 central-america 1.08 andes 1.051
subregion south-america 2.513 us-east 0.982 us-west 0.992 canada-east 1.024 canada-west 1.011 central-america 1.093
subregion brazil 2.636 us-east 0.978 us-west 0.977 canada-east 1.005 canada-west 1.065 central-america 1.064 andes 1.006 south-america 0.948 brazil 0.973
subregion british-isles 2.151 us-east 0.955 canada-east 1.007 canada-west 1.083 central-america 0.993 andes 0.989 south-america 1.025 british-isles 0.987
subregion western-europe 3.033 us-east 0.975 us-west 1.009 canada-west 1.101 central-america 0.987 andes 0.975 south-america 1.03 brazil 0.982 british-isles 0.992 western-europe 0.963
subregion iberia 2.942 us-east 0.968 canada-east 1.015 canada-west 1.064 central-america 1.022 andes 0.983 south-america 1.005 brazil 1.035 british-isles 1.062 western-europe 1.038 iberia 0.866
subregion italy 3.593 us-east 0.975 us-west 0.995 canada-east 0.975 canada-west 1.076 central-america 0.972 andes 0.978 south-america 1.011 british-isles 0.979 western-europe 0.977 iberia 1.012 italy 0.959
subregion nordics 2.587 us-east 1.013 us-west 1.028 canada-east 1.019 canada-west 1.058 andes 1.018 south-america 1.035 brazil 0.994 british-isles 0.967 western-europe 1.065 iberia 1.083 italy 1.052 nordics 1.005
subregion central-europe 2.911 canada-east 1.024 canada-west 1.059 central-america 1.008 andes 1.005 south-america 1.03 brazil 1.019 british-isles 1.058 western-europe 1.077 iberia 1.054 italy 1.05 nordics 1.061 central-europe 0.905
subregion balkans 5.197 us-east 0.986 us-west 0.993 canada-east 0.991 canada-west 1.069 central-america 1.007 south-america 1.024 brazil 1.015 british-isles 0.993 western-europe 1.018 iberia 1.081 italy 1.12 nordics 1.006 central-europe 0.982 balkans 1.043
subregion eastern-europe 3.799 us-west 0.974 canada-west 1.027 andes 0.987 south-america 1.009 brazil 1.019 british-isles 1.036 western-europe 0.949 iberia 1.026 italy 1.017 nordics 1.012 central-europe 0.959 balkans 1.033 eastern-europe 1.013
subregion russia 1.948 us-east 1.007 us-west 0.992 canada-east 1.005 canada-west 1.034 central-america 1.005 andes 0.994 south-america 1.015 brazil 0.978 british-isles 1.025 western-europe 1.008 iberia 1.012 italy 1.056 nordics 0.952 central-europe 1.107 balkans 1.031 eastern-europe 0.98 russia 0.982
subregion siberia 5.442 us-east 1.015 us-west 1.065 canada-east 1.009 canada-west 1.051 central-america 1.011 andes 1.013 south-america 1.008 brazil 0.974 british-isles 0.887 western-europe 0.875 iberia 0.946 italy 0.934 nordics 0.877 central-europe 0.942 balkans 0.917 eastern-europe 0.935 russia 0.862 siberia 0.937
subregion central-asia 3.6 us-east 0.98 us-west 0.98 canada-east 0.993 canada-west 1.021 central-america 0.987 andes 0.993 south-america 1.021 brazil 1.011 british-isles 0.928 western-europe 0.925 iberia 0.988 italy 0.99 nordics 0.981 central-europe 0.943 balkans 0.97 russia 0.988 siberia 0.945 central-asia 1.009
subregion turkey 3.444 us-east 0.992 us-west 1.026 canada-west 1.049 central-america 1.01 andes 0.99 south-america 1.016 brazil 0.977 british-isles 0.959 iberia 1.066 italy 1.075 nordics 0.98 central-europe 1.071 balkans 1.084 eastern-europe 1.054 russia 1.08 siberia 1.011 central-asia 1.054 turkey 0.946
subregion levant 4.657 us-east 1.016 us-west 1.015 canada-west 1.02 south-america 1.013 brazil 1.006 british-isles 1.015 iberia 1.074 italy 1.02 nordics 0.992 central-europe 0.993 balkans 1.026 eastern-europe 0.984 russia 0.995 siberia 0.965 central-asia 0.99 turkey 1.045
subregion gulf 1.632 us-east 1.018 us-west 1.022 canada-east 1.031 canada-west 1.076 central-america 0.975 south-america 1.007 brazil 1.039 british-isles 1.064 western-europe 1.077 iberia 1.044 italy 1.042 nordics 1.099 central-europe 1.085 balkans 1.036 eastern-europe 0.993 russia 0.976 turkey 1.024 levant 1.021 gulf 0.995
subregion maghreb 2.412 us-west 1.05 canada-east 1.007 canada-west 1.031 central-america 1.017 andes 0.974 south-america 1.016 brazil 1.007 british-isles 0.99 iberia 1.102 italy 0.944 nordics 1.029 central-europe 1.05 balkans 1.072 eastern-europe 1.01 russia 1.038 siberia 0.974 central-asia 0.993 levant 1.006 gulf 0.993 maghreb 0.99
subregion west-africa 1.809 us-east 1.033 us-west 1.043 canada-east 1.041 canada-west 1.034 central-america 0.987 andes 1.024 south-america 0.979 british-isles 0.911 western-europe 0.963 iberia 0.988 nordics 0.934 central-europe 1.061 balkans 1.029 eastern-europe 1.006 russia 1.051 siberia 1.036 central-asia 0.975 turkey 1.048 gulf 1.026 maghreb 1.007
subregion east-africa 4.691 us-east 0.965 us-west 0.979 canada-east 0.975 canada-west 1.014 central-america 1.009 andes 0.988 south-america 1.057 brazil 1.033 british-isles 0.964 western-europe 0.969 iberia 1.014 italy 0.993 nordics 0.981 central-europe 0.971 balkans 1.015 eastern-europe 0.956 russia 0.989 siberia 0.976 central-asia 1.036 turkey 1.021 levant 1.067 gulf 1.061 maghreb 1.028 west-africa 1.057 east-africa 0.935
subregion southern-africa 1.741 us-east 0.948 us-west 0.965 canada-east 0.977 central-america 0.952 british-isles 1.027 western-europe 1.021 italy 1.014 nordics 1.038 gulf 0.869
subregion south-asia 4.222 us-east 0.963 us-west 0.951 canada-east 0.953 andes 0.983 brazil 0.952 british-isles 0.918 western-europe 0.922 iberia 0.93 italy 0.964 central-europe 0.976 balkans 1.019 eastern-europe 0.974 russia 1.006 siberia 1.194 central-asia 1.173 turkey 1.076 levant 1.096 gulf 1.07 maghreb 1.035 west-africa 1.007 east-africa 1.36 southern-africa 0.978 south-asia 0.88
subregion south-east-asia 4.429 us-east 0.977 us-west 0.944 canada-east 0.988 canada-west 0.967 central-america 1.025 andes 1.007 brazil 0.964 british-isles 0.934 western-europe 0.921 iberia 0.93 italy 1.033 nordics 0.945 central-europe 0.927 balkans 0.994 russia 1.005 siberia 1.022 central-asia 1.124 turkey 1.101 levant 1.054 gulf 1.049 maghreb 1.065 west-africa 0.965 east-africa 1.152 south-asia 1.029 south-east-asia 0.926
subregion philippines 3.226 us-east 0.994 us-west 0.977 canada-east 1.013 canada-west 1.015 central-america 1.027 andes 1.013 british-isles 0.993 western-europe 1.006 iberia 1.053 nordics 0.974 central-europe 1.057 balkans 1.061 eastern-europe 1.04 russia 1.028 siberia 1.015 central-asia 1.076 turkey 1.069 levant 1.014 gulf 1.019 maghreb 1.009 west-africa 1.008 east-africa 1.049 south-asia 0.942 south-east-asia 0.983 philippines 1.006
subregion china 3.05 us-east 1.115 us-west 1.085 canada-east 1.044 canada-west 1.037 andes 1.049 south-america 0.94 brazil 1.007 british-isles 0.943 western-europe 0.969 iberia 1.017 italy 0.938 nordics 0.992 central-europe 1.061 balkans 0.963 eastern-europe 0.988 russia 0.988 central-asia 1.024 maghreb 0.98 west-africa 0.981 east-africa 1.035 south-asia 1.219 south-east-asia 1.066 philippines 1.058 china 0.947
subregion hong-kong-taiwan 2.978 us-east 0.962 us-west 0.946 canada-east 1.015 canada-west 0.98 central-america 0.987 andes 1.019 south-america 0.992 brazil 1.019 british-isles 0.935 western-europe 0.924 iberia 1.056 italy 0.936 nordics 0.932 central-europe 0.982 balkans 1.114 eastern-europe 1.045 russia 1.061 siberia 0.948 central-asia 1.103 turkey 1.063 levant 1.046 gulf 1.033 maghreb 1.067 west-africa 0.99 east-africa 1.086 south-asia 0.97 south-east-asia 1.017 philippines 1.034 hong-kong-taiwan 0.981
subregion korea-japan 2.256 us-east 0.968 us-west 0.916 canada-east 0.983 canada-west 0.955 central-america 0.982 andes 1.011 south-america 0.993 brazil 0.972 british-isles 1.087 western-europe 1.076 iberia 1.052 italy 1.05 nordics 1.272 central-europe 1.193 balkans 1.146 eastern-europe 1.164 russia 1.119 siberia 0.994 central-asia 1.138 turkey 1.144 levant 1.06 gulf 0.944 maghreb 1.094 west-africa 1.016 east-africa 1.166 southern-africa 1.009 south-asia 0.931 south-east-asia 0.946 china 1.029 hong-kong-taiwan 0.956 korea-japan 0.981
subregion australia 2.688 us-west 0.99 canada-east 1.005 canada-west 1.011 andes 1.072 brazil 0.978 british-isles 0.925 western-europe 0.893 iberia 0.985 italy 0.915 nordics 0.925 central-europe 0.933 balkans 1.025 eastern-europe 1.012 russia 0.994 siberia 1.071 central-asia 1.073 turkey 1.035 levant 1.061 gulf 0.962 maghreb 1.049 west-africa 1.04 east-africa 1.091 southern-africa 1.037 south-asia 0.973 south-east-asia 0.992 philippines 1.038 china 1.12 hong-kong-taiwan 1.009 korea-japan 0.948 australia 1.021
subregion oceania 1.8 us-east 1.043 us-west 0.973 canada-east 1.037 canada-west 1.017 central-america 0.98 andes 1.075 south-america 1.015 brazil 0.984 western-europe 0.971 iberia 0.978 italy 0.981 nordics 1.009 eastern-europe 0.995 siberia 1.02 central-asia 1.02 gulf 0.986 maghreb 0.995 west-africa 1.011 east-africa 1.04 southern-africa 1.031 philippines 1.049 china 0.993 korea-japan 0.977 australia 0.968
`;
